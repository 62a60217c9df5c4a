/** What the binary may do: no FFI, no code from elsewhere. `sys` is for the host's name and user id. */
const PERMISSIONS = ["--allow-net", "--allow-read", "--allow-write", "--allow-env", "--allow-run", "--allow-sys"];

/** Runs `deno compile`; DENORT_BIN, where set, is its base binary. Answers whether it succeeded. */
export async function compile({ output, quiet = false }: { output: string; quiet?: boolean }): Promise<boolean> {
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: [
      "compile",
      ...(quiet ? ["--quiet"] : []),
      ...PERMISSIONS,
      "--no-prompt",
      "--output",
      output,
      "main.ts",
    ],
    cwd: new URL("..", import.meta.url),
    stdout: quiet ? "null" : "inherit",
    stderr: quiet ? "piped" : "inherit",
  }).spawn().status;
  return success;
}
