import { messageOf, TrackerError } from "../../domain/errors.ts";
import { exists } from "../files/files.ts";
import { migrate, type Migration, MIGRATIONS } from "../sqlite/migrate.ts";
import { databasePath } from "../sqlite/open.ts";
import { DatabaseSync } from "node:sqlite";

const MAX_PROBLEMS = 20;

/** The same for the database of a data folder. @throws TrackerError where there is none. */
export function checkDatabaseFile(dataDir: string): string[] {
  const path = databasePath(dataDir);
  if (exists(path)) return integrityProblems(path);
  throw new TrackerError(`Cannot check the database as there is none in "${dataDir}"`, {
    hint: "Set DATA_DIR to the folder that holds tracker.db.",
  });
}

/**
 * What is wrong with the pages, indexes and constraints of a database, in SQLite's words; empty where all is well. It
 * reads the whole file.
 */
export function integrityProblems(path: string): string[] {
  const db = new DatabaseSync(path, { readOnly: true, timeout: 10_000 });
  try {
    const rows = db.prepare(`PRAGMA integrity_check(${MAX_PROBLEMS})`).all();
    const found = rows.map((row) => String(row["integrity_check"])).filter((text) => text !== "ok");
    if (found.length > 0) return found;
    return db.prepare("PRAGMA foreign_key_check").all().slice(0, MAX_PROBLEMS)
      .map((row) => `${row["table"]} row ${row["rowid"]} refers to a missing row of ${row["parent"]}`);
  } catch (error) {
    return [messageOf(error)];
  } finally {
    db.close();
  }
}

/** What keeps an unpacked database from being one of ours at `schemaVersion`, in words that continue "as"; null if nothing. */
export function databaseFault(
  path: string,
  { schemaVersion, migrations = MIGRATIONS }: { schemaVersion: number; migrations?: readonly Migration[] },
): string | null {
  const newest = migrations.at(-1)?.version ?? 0;
  if (schemaVersion > newest) {
    return `it was made by a newer tracker: its database has version ${schemaVersion}, this one knows ${newest}`;
  }
  const [problem] = integrityProblems(path);
  if (problem !== undefined) return `its database is damaged: ${problem}`;
  const db = new DatabaseSync(path, { readOnly: true });
  try {
    const version = Number(db.prepare("PRAGMA user_version").get()?.["user_version"]);
    if (version !== schemaVersion || version < 1) {
      return `its database has version ${version}, its manifest says ${schemaVersion}`;
    }
    const strange = firstDifference(namesIn(db), expectedNames(migrations.filter((one) => one.version <= version)));
    return strange === null ? null : `its database is not one of tracker's: ${strange}`;
  } finally {
    db.close();
  }
}

/** Tables with their columns, views and triggers; SQLite's own tables left out. */
function namesIn(db: DatabaseSync): Set<string> {
  const rows = db.prepare(
    `SELECT m.type || ' ' || m.name || coalesce('.' || c.name, '') AS name
     FROM sqlite_schema m LEFT JOIN pragma_table_xinfo(m.name) c ON m.type = 'table'
     WHERE m.type IN ('table', 'view', 'trigger') AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'`,
  ).all();
  return new Set(rows.map(({ name }) => String(name)));
}

function expectedNames(migrations: readonly Migration[]): Set<string> {
  const db = new DatabaseSync(":memory:");
  try {
    migrate(db, { migrations, backup: () => {} });
    return namesIn(db);
  } finally {
    db.close();
  }
}

function firstDifference(found: ReadonlySet<string>, expected: ReadonlySet<string>): string | null {
  const [missing] = expected.difference(found);
  if (missing !== undefined) return `the ${missing} is missing`;
  const [extra] = found.difference(expected);
  return extra === undefined ? null : `the ${extra} is none of its own`;
}
