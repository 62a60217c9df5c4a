import { backup, DatabaseSync } from "node:sqlite";
import { TrackerError } from "../../domain/errors.ts";
import { explainSqliteError } from "./errors.ts";

/**
 * Writes a consistent copy of the database at `source` to `target`, readable by its owner only. Writers may go on
 * meanwhile. `target` appears complete or not at all, and is on the disk when this returns.
 */
export function copyDatabase(source: string, target: string): void {
  const partial = `${target}.${Deno.pid}.partial`;
  try {
    // An empty file is a database without pages: made beforehand, it never has looser rights than this.
    Deno.writeFileSync(partial, new Uint8Array(), { mode: 0o600 });
    copyPages(source, partial);
    syncFile(partial);
    Deno.renameSync(partial, target);
  } catch (error) {
    removeIfPresent(partial);
    throw explainSqliteError(error);
  }
}

/**
 * By SQLite's online backup: VACUUM INTO would need ATTACH, which Deno takes away from a program without all permissions.
 * All pages are copied in one step, within one read transaction.
 */
function copyPages(source: string, target: string): void {
  const db = new DatabaseSync(source, { timeout: 10_000 });
  try {
    // Deno has done the work when it returns; the promise tells of it only later, so the copy itself is looked at.
    backup(db, target, { rate: -1 }).catch(() => undefined);
    requireWhole(target);
  } finally {
    db.close();
  }
}

/** What fails half-way is rolled back to an empty file. The copy is alone: it needs no write-ahead log beside it. */
function requireWhole(target: string): void {
  const copy = new DatabaseSync(target);
  try {
    copy.exec("PRAGMA journal_mode = DELETE");
    if (Number(copy.prepare("PRAGMA page_count").get()?.["page_count"]) > 0) return;
  } finally {
    copy.close();
  }
  throw new TrackerError(`Cannot copy the database to "${target}"`, {
    hint: "Free some space on the disk that holds DATA_DIR, then try again; the database itself is whole.",
  });
}

/** SQLite may have left the last bytes in the system's cache. */
function syncFile(path: string): void {
  using file = Deno.openSync(path, { read: true, write: true });
  file.syncSync();
}

function removeIfPresent(path: string): void {
  try {
    Deno.removeSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
