/** What the binary may do: no FFI, no code from elsewhere. `sys` is for the host's name and user id. */
const PERMISSIONS = ["--allow-net", "--allow-read", "--allow-write", "--allow-env", "--allow-run", "--allow-sys"];

/** A server that idles for most of an hour had better be small than fast at its peak. */
const V8_FLAGS = "--v8-flags=--optimize-for-size,--max-semi-space-size=2";

/** Runs `deno compile`; DENORT_BIN, where set, is its base binary. Answers whether it succeeded. */
export async function compile({ output, quiet = false }: { output: string; quiet?: boolean }): Promise<boolean> {
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: [
      "compile",
      ...(quiet ? ["--quiet"] : []),
      ...PERMISSIONS,
      "--no-prompt",
      V8_FLAGS,
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
