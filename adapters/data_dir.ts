import { messageOf, TrackerError } from "../domain/errors.ts";

const HAS_MODES = Deno.build.os !== "windows";

/**
 * Makes the folder where it is missing, and closes it to all but its owner where it is open to others: it holds a
 * person's usage and, in backups, all of it again.
 * @throws TrackerError where it cannot be made or is not a folder.
 */
export function privateDir(path: string): void {
  try {
    Deno.mkdirSync(path, { recursive: true, mode: 0o700 });
    tighten(path, 0o700);
  } catch (error) {
    throw new TrackerError(`Cannot use "${path}" as a data folder: ${messageOf(error)}`, {
      hint: "Set DATA_DIR to a folder that this user owns and may write to.",
      cause: error,
    });
  }
}

/** Makes an empty file where it is missing, and closes it to all but its owner. */
export function privateFile(path: string): void {
  Deno.openSync(path, { write: true, create: true, mode: 0o600 }).close();
  tighten(path, 0o600);
}

/** Takes away the rights of others. A folder that another user owns, such as a mounted volume, stays as it is. */
function tighten(path: string, mode: number): void {
  if (!HAS_MODES) return;
  const info = Deno.statSync(path);
  const isLoose = ((info.mode ?? 0) & 0o077) !== 0;
  if (isLoose && (info.uid === Deno.uid() || Deno.uid() === 0)) Deno.chmodSync(path, mode);
}
