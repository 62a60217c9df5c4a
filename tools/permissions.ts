/** What the binary may do: no FFI, no code from elsewhere. `sys` is for the host's name and user id. */
export const PERMISSIONS = [
  "--allow-net",
  "--allow-read",
  "--allow-write",
  "--allow-env",
  "--allow-run",
  "--allow-sys",
];
