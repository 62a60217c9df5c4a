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

/** How a file is replaced. */
interface ReplaceOptions {
  /** Rights of the new file. Default: for its owner only. */
  readonly mode?: number;
  /** Whether it must survive a power failure, and not only the end of the process. Default true. */
  readonly isDurable?: boolean;
  /** Where it is written first, in the same file system. Default: beside it, under a name of its own. */
  readonly partial?: string;
}

/** Writes a small file whole or not at all: whoever opens `path` sees the old one or the new one. */
export function replaceFileSync(path: string, content: string | Uint8Array, options: ReplaceOptions = {}): void {
  const { mode = 0o600, isDurable = true, partial = partialOf(path) } = options;
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  try {
    Deno.writeFileSync(partial, bytes, { mode });
    if (isDurable) syncFile(partial);
    Deno.renameSync(partial, path);
  } catch (error) {
    removeIfThere(partial);
    throw error;
  }
  if (isDurable) syncDir(dirname(path));
}

/** The same for one of any size, which `write` fills. The folder of `path` must be there. */
export async function replaceFile(
  path: string,
  write: (file: Deno.FsFile) => Promise<void>,
  { mode = 0o600, isDurable = true, partial = partialOf(path) }: ReplaceOptions = {},
): Promise<void> {
  try {
    {
      using file = await Deno.open(partial, { write: true, create: true, truncate: true, mode });
      await write(file);
      if (isDurable) await file.sync();
    }
    await Deno.rename(partial, path);
  } catch (error) {
    removeIfThere(partial);
    throw error;
  }
  if (isDurable) syncDir(dirname(path));
}

function partialOf(path: string): string {
  return `${path}.${crypto.randomUUID()}.partial`;
}

/** Writes all of the bytes: the system may take only some of them at once. */
export async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
}

/** Removes a file, or a folder with all that is in it; nothing happens if it is not there. */
export function removeIfThere(path: string): void {
  ifThere(() => Deno.removeSync(path, { recursive: true }));
}

/** What `look` returns; null if what it looks at is not there. */
export function ifThere<T>(look: () => T): T | null {
  try {
    return look();
  } catch (error) {
    return nullIfMissing(error);
  }
}

/** The same for a promise, as its `catch`. */
export function nullIfMissing(error: unknown): null {
  if (isMissing(error)) return null;
  throw error;
}

/** Whether the error says that there is no such file or folder. */
export function isMissing(error: unknown): boolean {
  return error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory;
}

/** Whether something has this name, a link included. */
export function exists(path: string): boolean {
  return ifThere(() => Deno.lstatSync(path)) !== null;
}

/** Whether there is a file, perhaps behind a link. */
export function isFile(path: string): boolean {
  return ifThere(() => Deno.statSync(path))?.isFile ?? false;
}

/** The path if nothing has this name, else the first of `path-2`, `path-3`, … that is free. */
export function unusedPath(path: string): string {
  let free = path;
  for (let number = 2; exists(free); number++) free = `${path}-${number}`;
  return free;
}

/** What is in a folder, in the order of the names; nothing if there is no such folder. */
export function entriesIn(folder: string): Deno.DirEntry[] {
  const entries = ifThere(() => [...Deno.readDirSync(folder)]) ?? [];
  return entries.sort((a, b) => a.name < b.name ? -1 : 1);
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
