import { dirname } from "node:path";

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
