import { messageOf, TrackerError } from "../../domain/errors.ts";

/** Writes a file whole or not at all, readable for this user only. @throws TrackerError where the disk refuses. */
export async function replaceFile(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${path}.${crypto.randomUUID()}.tmp`;
  try {
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    await Deno.writeFile(temporary, bytes, { mode: 0o600 });
    await Deno.rename(temporary, path);
  } catch (error) {
    throw new TrackerError(`Cannot write "${path}": ${messageOf(error)}`, {
      hint: "Check that the folder exists, that this user may write there, and that the disk is not full.",
      cause: error,
    });
  }
}
