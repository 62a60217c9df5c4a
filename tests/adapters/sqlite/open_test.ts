import { databasePath, openDatabase } from "../../../adapters/sqlite/open.ts";
import { TrackerError } from "../../../domain/errors.ts";
import { tempDir } from "../../temp_dir.ts";
import { deepStrictEqual, match, strictEqual, throws } from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";

const clock = { now: () => Temporal.Instant.from("2026-11-21T19:00:00Z") };
const FIRST = { version: 1, sql: ["CREATE TABLE a (x INTEGER) STRICT"] };
const SECOND = { version: 2, sql: ["ALTER TABLE a ADD COLUMN y INTEGER", "UPDATE a SET y = x * 10"] };

const names = (path: string) => [...Deno.readDirSync(path)].map(({ name }) => name).sort();
const modeOf = (path: string) => ((Deno.statSync(path).mode ?? 0) & 0o777).toString(8);
const version = (db: DatabaseSync) => db.prepare("PRAGMA user_version").get()?.user_version;

function rawDatabase(dataDir: string, sql: string): void {
  const db = new DatabaseSync(databasePath(dataDir));
  db.exec(sql);
  db.close();
}

Deno.test("openDatabase() makes folder and database for its owner only, in WAL mode with full flushes", () => {
  using dir = tempDir();
  const dataDir = `${dir.path}/new/data`;
  using db = openDatabase(dataDir, { clock });
  const pragma = (name: string) => Object.values(db.prepare(`PRAGMA ${name}`).get() ?? {})[0];
  deepStrictEqual(["journal_mode", "synchronous", "foreign_keys", "busy_timeout"].map(pragma), ["wal", 2, 1, 10_000]);
  deepStrictEqual([modeOf(dataDir), modeOf(databasePath(dataDir))], ["700", "600"]);
  strictEqual(version(db), 1);
  strictEqual(names(dataDir).includes("backups"), false);
});

Deno.test("openDatabase() closes a folder and a file that are open to others", () => {
  using dir = tempDir();
  const dataDir = `${dir.path}/data`;
  openDatabase(dataDir, { clock }).close();
  Deno.chmodSync(dataDir, 0o755);
  Deno.chmodSync(databasePath(dataDir), 0o644);
  openDatabase(dataDir, { clock }).close();
  deepStrictEqual([modeOf(dataDir), modeOf(databasePath(dataDir))], ["700", "600"]);
});

Deno.test("every table of the schema is STRICT", () => {
  using dir = tempDir();
  using db = openDatabase(dir.path, { clock });
  const tables = db.prepare(
    "SELECT name, strict FROM pragma_table_list WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
  )
    .all();
  deepStrictEqual(tables.filter(({ strict }) => strict !== 1), []);
  deepStrictEqual(["attempts", "runs", "steps"].every((name) => tables.some((table) => table.name === name)), true);
});

Deno.test("an older database is copied to backups and migrated, and its rows are kept", () => {
  using dir = tempDir();
  const first = openDatabase(dir.path, { clock, migrations: [FIRST] });
  first.exec("INSERT INTO a VALUES (7)");
  // Left open: the copy must have what is still in the write-ahead log.
  using db = openDatabase(dir.path, { clock, migrations: [FIRST, SECOND] });
  first.close();
  strictEqual(version(db), 2);
  deepStrictEqual({ ...db.prepare("SELECT * FROM a").get() }, { x: 7, y: 70 });
  const folder = `${dir.path}/backups`;
  deepStrictEqual(names(folder), ["tracker-v1-20261121T190000000Z.db"]);
  deepStrictEqual([modeOf(folder), modeOf(`${folder}/${names(folder)[0]}`)], ["700", "600"]);
  using backup = new DatabaseSync(`${folder}/${names(folder)[0]}`, { readOnly: true });
  strictEqual(version(backup), 1);
  deepStrictEqual({ ...backup.prepare("SELECT * FROM a").get() }, { x: 7 });
});

Deno.test("a database at the newest version is not copied", () => {
  using dir = tempDir();
  for (let n = 0; n < 2; n++) openDatabase(dir.path, { clock, migrations: [FIRST] }).close();
  strictEqual(names(dir.path).includes("backups"), false);
});

Deno.test("a migration that fails leaves the database at the version before it", () => {
  using dir = tempDir();
  const broken = { version: 3, sql: ["INSERT INTO a VALUES (1, 2)", "INSERT INTO nowhere VALUES (1)"] };
  throws(() => openDatabase(dir.path, { clock, migrations: [FIRST, SECOND, broken] }), /no such table: nowhere/);
  using db = openDatabase(dir.path, { clock, migrations: [FIRST, SECOND] });
  deepStrictEqual([version(db), db.prepare("SELECT * FROM a").all()], [2, []]);
});

Deno.test("a newer database is refused with what to do, and nothing is changed", () => {
  using dir = tempDir();
  rawDatabase(dir.path, "PRAGMA user_version = 99; CREATE TABLE future (x)");
  const before = Deno.readFileSync(databasePath(dir.path));
  throws(() => openDatabase(dir.path, { clock }), (error) => {
    match(String(error), /written by a newer tracker: its version is 99, this one knows 1$/);
    match((error instanceof TrackerError && error.hint) || "", /Run the newer tracker/);
    return true;
  });
  deepStrictEqual(Deno.readFileSync(databasePath(dir.path)), before);
  deepStrictEqual(names(dir.path), ["tracker.db"]);
});

Deno.test("a newer version that is still in the write-ahead log only is refused, too", () => {
  using dir = tempDir();
  using newer = openDatabase(dir.path, { clock, migrations: [FIRST, SECOND] });
  newer.exec("INSERT INTO a VALUES (1, 2)");
  throws(() => openDatabase(dir.path, { clock, migrations: [FIRST] }), /its version is 2, this one knows 1/);
  deepStrictEqual({ ...newer.prepare("SELECT * FROM a").get() }, { x: 1, y: 2 });
});

Deno.test("a file that is not a database is refused and left as it is", () => {
  for (const text of ["hello", "x".repeat(5_000)]) {
    using dir = tempDir();
    Deno.writeTextFileSync(databasePath(dir.path), text);
    throws(() => openDatabase(dir.path, { clock }), { name: "TrackerError", message: /is not a SQLite database$/ });
    strictEqual(Deno.readTextFileSync(databasePath(dir.path)), text);
    deepStrictEqual(names(dir.path), ["tracker.db"]);
  }
});

Deno.test("an empty file becomes a database", () => {
  using dir = tempDir();
  Deno.writeTextFileSync(databasePath(dir.path), "");
  using db = openDatabase(dir.path, { clock });
  strictEqual(version(db), 1);
});

Deno.test("a data folder that is a file is refused with the reason", () => {
  using dir = tempDir();
  Deno.writeTextFileSync(`${dir.path}/data`, "");
  throws(() => openDatabase(`${dir.path}/data`, { clock }), { name: "TrackerError", message: /as a data folder/ });
});

/** Opens the folder's database by three processes at the same time, and answers how the migrated database looks. */
async function openAtOnce(dataDir: string): Promise<{ version: unknown; migrationsRun: unknown }> {
  const script = new URL("./open_at_once.ts", import.meta.url).pathname;
  const outputs = await Promise.all(
    Array.from(
      { length: 3 },
      () => new Deno.Command(Deno.execPath(), { args: ["run", "-A", "--quiet", script, dataDir] }).output(),
    ),
  );
  const ends = outputs.map(({ code, stderr }) => [code, new TextDecoder().decode(stderr)]);
  deepStrictEqual(ends, [[0, ""], [0, ""], [0, ""]]);
  using db = new DatabaseSync(databasePath(dataDir), { readOnly: true });
  return { version: version(db), migrationsRun: db.prepare("SELECT COUNT(*) AS n FROM log").get()?.n };
}

Deno.test("processes that make a new database at once migrate it once", async () => {
  using dir = tempDir();
  deepStrictEqual(await openAtOnce(dir.path), { version: 6, migrationsRun: 5 });
});

Deno.test("processes that open an old database at once migrate it once, after a copy of it", async () => {
  using dir = tempDir();
  openDatabase(dir.path, { clock, migrations: [FIRST] }).close();
  deepStrictEqual(await openAtOnce(dir.path), { version: 6, migrationsRun: 5 });
  // Each process that migrates copies what it finds first; only one of them can have found version 1.
  strictEqual(names(`${dir.path}/backups`).filter((name) => name.startsWith("tracker-v1-")).length, 1);
});
