import type { DatabaseSync } from "node:sqlite";
import { z } from "zod";

const versionRow = z.object({ data_version: z.number() });
const changesRow = z.object({ changes: z.number() });

/**
 * Tells whether the database changed: `data_version` moves with every commit of another connection, `total_changes()`
 * with every change of this one.
 */
export function dataVersion(db: DatabaseSync): () => string {
  const ofOthers = db.prepare("PRAGMA data_version");
  const ofThis = db.prepare("SELECT total_changes() AS changes");
  return () => `${versionRow.parse(ofOthers.get()).data_version}.${changesRow.parse(ofThis.get()).changes}`;
}
