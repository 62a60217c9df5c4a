import { messageOf } from "../../domain/errors.ts";

/** What a short command printed. */
export interface CommandOutput {
  readonly code: number | null;
  readonly text: string;
  /** The first line of its errors, or why it did not run at all. */
  readonly error: string;
}

/** Runs a short command without input. Never throws. */
export async function outputOf(
  command: string,
  { args, signal }: { args: readonly string[]; signal: AbortSignal },
): Promise<CommandOutput> {
  try {
    const { code, stdout, stderr } = await new Deno.Command(command, {
      args: [...args],
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
      signal,
    }).output();
    const decoder = new TextDecoder();
    return { code, text: decoder.decode(stdout).trim(), error: decoder.decode(stderr).trim().split("\n")[0] ?? "" };
  } catch (error) {
    return { code: null, text: "", error: messageOf(error) };
  }
}
