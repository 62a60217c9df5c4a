import type { DatabaseSync } from "node:sqlite";
import { TrackerError } from "../../domain/errors.ts";
import type { Migration } from "./migrations.ts";
import { transaction } from "./transaction.ts";

/** How `migrate` works. */
export interface MigrateOptions {
  readonly migrations: readonly Migration[];
  /** Makes a copy of a database of this version; called once, before the first change of a database that is not new. */
  readonly backup: (version: number) => void;
}

/**
 * Brings the database up to the newest version, each migration in a transaction of its own. Several processes may do so
 * at once: the version is read again under the write lock, so each migration is applied once.
 * @throws TrackerError where the database is newer than this program.
 */
export function migrate(db: DatabaseSync, { migrations, backup }: MigrateOptions): void {
  const newest = migrations.at(-1)?.version ?? 0;
  refuseNewer(readVersion(db), newest);
  let backedUp = false;
  const step = () => {
    const version = readVersion(db);
    refuseNewer(version, newest);
    const next = migrations.find((migration) => migration.version === version + 1);
    if (next === undefined) return false;
    // Under the write lock: the copy is of exactly this version, as nobody else can migrate meanwhile.
    if (!backedUp && !isEmpty(db)) backup(version);
    backedUp = true;
    for (const sql of next.sql) db.exec(sql);
    db.exec(`PRAGMA user_version = ${next.version}`);
    return true;
  };
  while (readVersion(db) < newest && transaction(db, step));
}

/** Refuses a database that a newer program has written. */
export function refuseNewer(version: number, newest: number): void {
  if (version <= newest) return;
  throw new TrackerError(
    `Cannot open the database as it was written by a newer tracker: its version is ${version}, this one knows ${newest}`,
    { hint: "Run the newer tracker, or restore an older copy from DATA_DIR/backups." },
  );
}

function isEmpty(db: DatabaseSync): boolean {
  return db.prepare("SELECT 1 FROM sqlite_schema LIMIT 1").get() === undefined;
}

function readVersion(db: DatabaseSync): number {
  return Number(db.prepare("PRAGMA user_version").get()?.user_version ?? 0);
}
