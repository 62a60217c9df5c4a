import type { Clock } from "../../domain/clock.ts";
import { TrackerError } from "../../domain/errors.ts";
import { isMissing, privateDir, privateFile } from "../files/files.ts";
import { copyDatabase, migrate, type Migration, MIGRATIONS, refuseNewer } from "./migrate.ts";
import { explainSqliteError } from "./transaction.ts";
import { DatabaseSync } from "node:sqlite";

const MAGIC = "SQLite format 3\0";
const HEADER_BYTES = 100;
const USER_VERSION_OFFSET = 60;

/** How the database is opened. */
interface OpenOptions {
  /** Names the backup that is made before a migration. */
  readonly clock: Clock;
  /** How long a write waits for another process's write. Default 10,000. */
  readonly busyTimeoutMs?: number;
  /** Default: this program's own. */
  readonly migrations?: readonly Migration[];
}

/** Where the database of this data folder is. */
export function databasePath(dataDir: string): string {
  return `${dataDir}/tracker.db`;
}

/**
 * Opens DATA_DIR/tracker.db at the newest version: makes folder and file where they are missing (closed to other users),
 * copies an older database to DATA_DIR/backups and migrates it.
 * @throws TrackerError, before anything is changed, where the file is no database or is newer than this program.
 */
export function openDatabase(dataDir: string, options: OpenOptions): DatabaseSync {
  const { clock, busyTimeoutMs = 10_000, migrations = MIGRATIONS } = options;
  const path = databasePath(dataDir);
  privateDir(dataDir);
  checkHeader(path, migrations.at(-1)?.version ?? 0);
  privateFile(path);
  let db: DatabaseSync | null = null;
  try {
    db = new DatabaseSync(path, { timeout: busyTimeoutMs, enableForeignKeyConstraints: true });
    // FULL: in WAL mode NORMAL may lose the last commits in a power cut, and with them the proof that a mail was sent.
    db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
    migrate(db, { migrations, backup: (version) => backUp(dataDir, { version, at: clock.now() }) });
    return db;
  } catch (error) {
    db?.close();
    throw explainSqliteError(error);
  }
}

/** Reads the file's first bytes itself, as SQLite would already write beside a file that is to be refused. */
function checkHeader(path: string, newest: number): void {
  const header = readHeader(path);
  if (header.length === 0) return;
  if (new TextDecoder().decode(header.subarray(0, MAGIC.length)) !== MAGIC) {
    throw new TrackerError(`Cannot open "${path}" as it is not a SQLite database`, {
      hint: "Restore a copy from DATA_DIR/backups, or move the file away to start afresh.",
    });
  }
  if (header.length === HEADER_BYTES) {
    refuseNewer(new DataView(header.buffer).getUint32(USER_VERSION_OFFSET), newest);
  }
}

/** Up to 100 bytes; none where the file is missing or empty. */
function readHeader(path: string): Uint8Array<ArrayBuffer> {
  const header = new Uint8Array(HEADER_BYTES);
  try {
    using file = Deno.openSync(path);
    return header.subarray(0, file.readSync(header) ?? 0);
  } catch (error) {
    if (isMissing(error)) return header.subarray(0, 0);
    throw new TrackerError(`Cannot read the database "${path}"`, {
      hint: "Check that it is a file that this user may read and write.",
      cause: error,
    });
  }
}

function backUp(dataDir: string, { version, at }: { version: number; at: Temporal.Instant }): void {
  const folder = `${dataDir}/backups`;
  privateDir(folder);
  const timestamp = at.toString({ smallestUnit: "millisecond" }).replaceAll(/[-:.]/g, "");
  copyDatabase(databasePath(dataDir), `${folder}/tracker-v${version}-${timestamp}.db`);
}

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
