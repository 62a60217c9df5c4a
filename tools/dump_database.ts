import type { DatabaseSync } from "node:sqlite";

/** A database as SQL text that makes it again: tables with their rows, then indexes, views and triggers. */
export function dumpDatabase(db: DatabaseSync): string {
  const schema = db.prepare("SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid").all();
  const isOwn = (name: unknown) => !String(name).startsWith("sqlite_");
  const tables = schema.filter(({ type, name }) => type === "table" && isOwn(name));
  const others = schema.filter(({ type }) => type !== "table");
  const counters = schema.some(({ name }) => name === "sqlite_sequence") ? rowsOf(db, "sqlite_sequence") : [];
  const version = db.prepare("PRAGMA user_version").get()?.["user_version"];
  const statements = [
    "PRAGMA foreign_keys = OFF",
    ...tables.map(({ sql }) => String(sql)),
    ...tables.flatMap(({ name }) => rowsOf(db, String(name))),
    ...(counters.length > 0 ? ["DELETE FROM sqlite_sequence", ...counters] : []),
    ...others.map(({ sql }) => String(sql)),
    `PRAGMA user_version = ${version}`,
  ];
  return statements.map((statement) => `${statement};\n`).join("");
}

/** An INSERT for each row; generated columns make themselves. */
function rowsOf(db: DatabaseSync, table: string): string[] {
  const columns = db.prepare("SELECT name FROM pragma_table_xinfo(?) WHERE hidden = 0").all(table)
    .map(({ name }) => `"${name}"`);
  const values = columns.map((column) => `quote(${column})`).join(" || ', ' || ");
  return db.prepare(`SELECT ${values} AS row FROM "${table}" ORDER BY ${columns.join(", ")}`).all()
    .map(({ row }) => `INSERT INTO "${table}" (${columns.join(", ")}) VALUES (${row})`);
}
