import { integrityProblems } from "../../../adapters/backup/check_database.ts";
import { prepareRestore } from "../../../adapters/backup/restore_backup.ts";
import { MIGRATIONS } from "../../../adapters/sqlite/migrate.ts";
import { databasePath, openDatabase } from "../../../adapters/sqlite/open.ts";
import { sqliteStores } from "../../../adapters/sqlite/stores.ts";
import { spendOf } from "../../../domain/report/models.ts";
import { VERSION } from "../../../domain/version.ts";
import { tempDir } from "../../temp_dir.ts";
import { craftBackup, manifestFor } from "../backup/craft_archive.ts";
import { quietly } from "../backup/data_folder.ts";
import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";

const FOLDER = new URL("../../../fixtures/databases/", import.meta.url);
const RELEASES = [...Deno.readDirSync(FOLDER)].map(({ name }) => name.replace(/\.sql$/, "")).sort();
const clock = { now: () => Temporal.Instant.from("2027-06-01T00:00:00Z") };

/** Makes the database as the release left it; answers its schema's version. */
function makeReleased(release: string, path: string): number {
  using db = new DatabaseSync(path);
  db.exec(Deno.readTextFileSync(new URL(`${release}.sql`, FOLDER)));
  return Number(db.prepare("PRAGMA user_version").get()?.["user_version"]);
}

/** October was $31 in 31 snapshots; November is $10 in ten, $6 of it by opus and $4 by auto; the budget is $20. */
function assertFigures(dataDir: string): void {
  const db = openDatabase(dataDir, { clock });
  try {
    const stores = sqliteStores(db);
    stores.history.refresh();
    const latest = stores.usage.latest();
    assert.ok(latest !== null);
    assert.equal(latest.capturedAt.toString(), "2026-11-10T12:00:00Z");
    const spend = spendOf(stores.usage.rows(latest.id), "api_cost");
    assert.equal(spend.known, 10_000_000);
    assert.equal(stores.budgets.at(clock.now())?.amount, 20_000_000);
    const cycles = stores.history.cycles();
    assert.deepEqual(cycles.map(({ lastSnapshotId }) => spendOf(stores.usage.rows(lastSnapshotId), "api_cost").known), [
      10_000_000,
      31_000_000,
    ]);
    assert.equal([...stores.events.read()].length, 1);
    assert.deepEqual(stores.alerts.listOpen().map(({ kind }) => kind), ["scrape_error"]);
    assert.equal(db.prepare("SELECT count(*) AS n FROM runs WHERE status = 'succeeded'").get()?.["n"], 1);
    assert.equal(db.prepare("PRAGMA user_version").get()?.["user_version"], MIGRATIONS.at(-1)?.version);
  } finally {
    db.close();
  }
  assert.deepEqual(integrityProblems(databasePath(dataDir)), []);
}

Deno.test("the database of every release is opened by today's program, with the figures that it had", () => {
  assert.ok(RELEASES.length > 0);
  for (const release of RELEASES) {
    using dir = tempDir();
    makeReleased(release, databasePath(dir.path));
    assertFigures(dir.path);
  }
});

Deno.test("a backup that holds the database of any release is restored, migrated, with the figures that it had", async () => {
  for (const release of RELEASES) {
    using dir = tempDir();
    const schemaVersion = makeReleased(release, `${dir.path}/released.db`);
    const files = { "tracker.db": Deno.readFileSync(`${dir.path}/released.db`) };
    const manifest = manifestFor(files, { schema_version: schemaVersion, program_version: release });
    Deno.writeFileSync(`${dir.path}/b.tar.gz`, await craftBackup(files, { manifest }));
    const dataDir = `${dir.path}/data`;
    (await prepareRestore(`${dir.path}/b.tar.gz`, { dataDir, clock, ...quietly })).commit();
    assertFigures(dataDir);
  }
});

Deno.test("the fixture of this version is up to date until it is released: `deno run -A tools/database_fixture.ts`", () => {
  assert.ok(RELEASES.includes(VERSION), `there is a fixture of ${VERSION}`);
  using dir = tempDir();
  const version = makeReleased(VERSION, `${dir.path}/fixture.db`);
  if (version !== MIGRATIONS.at(-1)?.version) return; // released; a later migration has changed the schema since
  openDatabase(`${dir.path}/new`, { clock }).close();
  const schemaOf = (path: string) => {
    using db = new DatabaseSync(path, { readOnly: true });
    return db.prepare("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL").all().map(({ sql }) => String(sql)).sort();
  };
  assert.deepEqual(schemaOf(`${dir.path}/fixture.db`), schemaOf(databasePath(`${dir.path}/new`)));
});
