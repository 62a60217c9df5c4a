import { messageOf, TrackerError } from "../../domain/errors.ts";

/** Writes a file whole or not at all, readable for this user only. @throws TrackerError where the disk refuses. */
export async function replaceFile(path: string, content: string | Uint8Array | AsyncIterable<string>): Promise<void> {
  const temporary = `${path}.${crypto.randomUUID()}.tmp`;
  try {
    if (typeof content === "string") await Deno.writeTextFile(temporary, content, { mode: 0o600 });
    else if (content instanceof Uint8Array) await Deno.writeFile(temporary, content, { mode: 0o600 });
    else await Deno.writeTextFile(temporary, ReadableStream.from(content), { mode: 0o600 });
    await Deno.rename(temporary, path);
  } catch (error) {
    await removeIfThere(temporary);
    if (error instanceof TrackerError) throw error;
    throw new TrackerError(`Cannot write "${path}": ${messageOf(error)}`, {
      hint: "Check that the folder exists, that this user may write there, and that the disk is not full.",
      cause: error,
    });
  }
}

async function removeIfThere(path: string): Promise<void> {
  try {
    await Deno.remove(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
