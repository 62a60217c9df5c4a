import { DatabaseSync } from "node:sqlite";
import { explainSqliteError } from "./errors.ts";

/**
 * Writes a consistent copy of the database at `source` to `target`, readable by its owner only. Writers may go on
 * meanwhile. `target` appears complete or not at all, and is on the disk when this returns.
 */
export function copyDatabase(source: string, target: string): void {
  const partial = `${target}.${Deno.pid}.partial`;
  try {
    // VACUUM INTO accepts an empty file: made beforehand, it never has looser rights than this.
    Deno.writeFileSync(partial, new Uint8Array(), { mode: 0o600 });
    vacuumInto(source, partial);
    syncFile(partial);
    Deno.renameSync(partial, target);
  } catch (error) {
    removeIfPresent(partial);
    throw explainSqliteError(error);
  }
}

function vacuumInto(source: string, target: string): void {
  const db = new DatabaseSync(source, { timeout: 10_000 });
  try {
    db.prepare("VACUUM INTO ?").run(target);
  } finally {
    db.close();
  }
}

/** VACUUM INTO leaves its output in the system's cache. */
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
