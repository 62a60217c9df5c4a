import { statfsSync } from "node:fs";

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
