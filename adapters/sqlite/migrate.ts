import { TrackerError } from "../../domain/errors.ts";
import { removeIfThere, renameDurably, syncFile } from "../files/files.ts";
import { EVENTS_SCHEMA } from "./events.ts";
import { HISTORY_SCHEMA } from "./history.ts";
import { NOTIFICATIONS_SCHEMA } from "./notifications.ts";
import { BILLING_SCHEMA } from "./rollups.ts";
import { RUNS_SCHEMA } from "./runs.ts";
import { SESSIONS_SCHEMA } from "./sessions.ts";
import { explainSqliteError, transaction } from "./transaction.ts";
import { USAGE_SCHEMA } from "./usage.ts";
import { backup, DatabaseSync } from "node:sqlite";

/** One numbered change of the schema. Once released it is never edited: a further change is a further migration. */
export interface Migration {
  /** The database's `user_version` after it; from 1, without a gap. */
  readonly version: number;
  /** Pieces of SQL, one per area, run in this order in one transaction. */
  readonly sql: readonly string[];
}

/** All migrations, oldest first. */
export const MIGRATIONS: readonly Migration[] = [
  {
    version: 1,
    sql: [
      RUNS_SCHEMA,
      USAGE_SCHEMA,
      HISTORY_SCHEMA,
      EVENTS_SCHEMA,
      BILLING_SCHEMA,
      SESSIONS_SCHEMA,
      NOTIFICATIONS_SCHEMA,
    ],
  },
];

/** How `migrate` works. */
interface MigrateOptions {
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
    // SQLite may have left the last bytes in the system's cache.
    syncFile(partial);
    renameDurably(partial, target);
  } catch (error) {
    removeIfThere(partial);
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
