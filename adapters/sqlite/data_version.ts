import type { DatabaseSync } from "node:sqlite";

/** How long a change may go unnoticed: asking SQLite costs more than a remembered answer. */
const NOTICED_AFTER_MS = 20;

/**
 * Tells whether the database changed: `data_version` moves with every commit of another connection, `total_changes()`
 * with every change of this one. Both are asked for at most every 20 ms.
 */
export function dataVersion(db: DatabaseSync, elapsedMs: () => number = () => performance.now()): () => string {
  const ofOthers = db.prepare("PRAGMA data_version");
  const ofThis = db.prepare("SELECT total_changes() AS changes");
  let seen: { readonly version: string; readonly atMs: number } | null = null;
  return () => {
    const atMs = elapsedMs();
    if (seen === null || atMs - seen.atMs >= NOTICED_AFTER_MS) {
      seen = { version: `${ofOthers.get()?.data_version}.${ofThis.get()?.changes}`, atMs };
    }
    return seen.version;
  };
}
