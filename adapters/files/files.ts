import { messageOf, TrackerError } from "../../domain/errors.ts";
import { statfsSync } from "node:fs";
import { dirname } from "node:path";

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

/** Waits until a file's bytes are on the disk. */
export function syncFile(path: string): void {
  using file = Deno.openSync(path, { read: true, write: true });
  file.syncSync();
}

/** Waits until a folder's names are on the disk: a rename is not, before that. Windows has no such thing. */
export function syncDir(path: string): void {
  if (Deno.build.os === "windows") return;
  using dir = Deno.openSync(path);
  dir.syncSync();
}

/** Gives a file its final name, for good. */
export function renameDurably(from: string, to: string): void {
  Deno.renameSync(from, to);
  syncDir(dirname(to));
}

/** Writes a small file whole or not at all, for its owner only. */
export function writeDurably(path: string, text: string): void {
  const partial = `${path}.partial`;
  Deno.writeTextFileSync(partial, text, { mode: 0o600 });
  syncFile(partial);
  renameDurably(partial, path);
}

/** Removes a file, or a folder with all that is in it; nothing happens where it is not there. */
export function removeIfThere(path: string): void {
  try {
    Deno.removeSync(path, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** Whether something has this name, a link included. */
export function exists(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** Below this nothing that a browser or a database does can be relied on. */
const NOTHING_LEFT_BYTES = 2 * 1024 * 1024;

/** What this user may still write on the disk that holds the folder; null where the system does not tell. */
export function freeBytes(folder: string): number | null {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return Number(bavail) * Number(bsize);
  } catch {
    return null; // no such folder, or a file system that does not know
  }
}

/** Whether the disk that holds the folder is full. */
export function isOutOfSpace(folder: string): boolean {
  const free = freeBytes(folder);
  return free !== null && free < NOTHING_LEFT_BYTES;
}
