import type { DatabaseSync } from "node:sqlite";
import { explainSqliteError } from "./errors.ts";

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
