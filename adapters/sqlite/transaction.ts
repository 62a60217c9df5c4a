import { DiskFull, isDiskFull } from "../../domain/capture/outcome.ts";
import { messageOf, TrackerError } from "../../domain/errors.ts";
import type { DatabaseSync } from "node:sqlite";

/**
 * Runs `work` in one transaction: all of its writes, or none. It takes the write lock at once, so it cannot fail half-way
 * on another writer. Inside another transaction it becomes a savepoint of it. `work` must not be asynchronous.
 * @throws TrackerError where the database stays busy, or the disk is full or broken.
 */
export function transaction<T>(db: DatabaseSync, work: () => T): T {
  return db.isTransaction ? savepoint(db, work) : outermost(db, work);
}

/** Does the work, answers what it made, and takes back all of its writes: what would happen, exactly. */
export function rehearsal<T>(db: DatabaseSync, work: () => T): T {
  const done: { value: T }[] = [];
  try {
    transaction(db, () => {
      done.push({ value: synchronous(work) });
      throw new Rehearsed();
    });
  } catch (error) {
    if (!(error instanceof Rehearsed)) throw error;
  }
  const [made] = done;
  if (made === undefined) throw new Error("A rehearsal ended without its result");
  return made.value;
}

/** Does writes that a power cut may undo until the next flushed one; the end of the process never can. */
export function unflushed<T>(db: DatabaseSync, write: () => T): T {
  db.exec("PRAGMA synchronous = NORMAL");
  try {
    return write();
  } finally {
    db.exec("PRAGMA synchronous = FULL");
  }
}

/** Ends a rehearsal. */
class Rehearsed extends Error {
  override readonly name = "Rehearsed";
}

function outermost<T>(db: DatabaseSync, work: () => T): T {
  try {
    db.exec("BEGIN IMMEDIATE");
    const result = synchronous(work);
    db.exec("COMMIT");
    return result;
  } catch (error) {
    // A full disk can make SQLite roll back by itself.
    if (db.isTransaction) db.exec("ROLLBACK");
    throw explainSqliteError(error);
  }
}

function savepoint<T>(db: DatabaseSync, work: () => T): T {
  db.exec("SAVEPOINT nested");
  try {
    const result = synchronous(work);
    db.exec("RELEASE nested");
    return result;
  } catch (error) {
    if (db.isTransaction) db.exec("ROLLBACK TO nested; RELEASE nested");
    throw error;
  }
}

function synchronous<T>(work: () => T): T {
  const result = work();
  if (result instanceof Promise) {
    // Its outcome no longer matters, but a rejection that nobody handles would end the process.
    result.catch(() => undefined);
    throw new TypeError("Cannot commit as the work of a transaction must be synchronous: it returned a promise");
  }
  return result;
}

/** What SQLite says, what it means to the reader, and what helps. node:sqlite in Deno gives no code, only the text. */
const FAULTS: readonly { says: RegExp; message: string; hint: string }[] = [
  {
    says: /database (table )?is locked/,
    message: "The database is busy: another process holds its write lock",
    hint: "Wait for the other tracker command to end, then try again.",
  },
  {
    says: /disk I\/O error/,
    message: "The database cannot be read or written: disk I/O error",
    hint: "Check the disk that holds DATA_DIR: its free space, its cable or mount, and the system's log.",
  },
  {
    says: /attempt to write a readonly database/,
    message: "The database cannot be written as it is read-only",
    hint: "Give the user that runs tracker the right to write to DATA_DIR and to the files in it.",
  },
  {
    says: /unable to open database file/,
    message: "The database file cannot be opened",
    hint: "Check that DATA_DIR is a folder that this user may read and write.",
  },
  {
    says: /file is not a database/,
    message: "The file is not a SQLite database",
    hint: "Restore a copy from DATA_DIR/backups, or move the file away to start afresh.",
  },
  {
    says: /database disk image is malformed/,
    message: "The database is damaged",
    hint: "Restore a copy from DATA_DIR/backups with `tracker restore`.",
  },
];

/** The same error in words for a person where it is one of SQLite's; any other error as it is. */
export function explainSqliteError(error: unknown): unknown {
  if (!isSqliteError(error)) return error;
  const text = messageOf(error);
  if (isDiskFull(error)) return new DiskFull("The database cannot grow as the disk is full", { cause: error });
  const fault = FAULTS.find(({ says }) => says.test(text));
  return fault === undefined ? error : new TrackerError(fault.message, { hint: fault.hint, cause: error });
}

function isSqliteError(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_SQLITE_ERROR";
}
