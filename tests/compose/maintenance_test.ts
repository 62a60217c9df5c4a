import { loadConfig } from "../../adapters/config/config.ts";
import { openDatabase } from "../../adapters/sqlite/open.ts";
import { maintenance } from "../../compose/maintenance.ts";
import { tempDir } from "../temp_dir.ts";
import assert from "node:assert/strict";

const clock = { now: () => Temporal.Instant.from("2026-11-22T03:40:00Z") };
const { signal } = new AbortController();

Deno.test("maintenance by this program's own commands backs up and checks a whole database", async () => {
  using dir = tempDir();
  const dataDir = `${dir.path}/data`;
  openDatabase(dataDir, { clock }).close();
  const work = maintenance(loadConfig({ env: { DATA_DIR: dataDir }, workingDir: dir.path }));
  const { file, bytes } = await work.backUp("tracker-20261122T034000Z.tar.gz", signal);
  assert.equal(file, `${dataDir}/backups/tracker-20261122T034000Z.tar.gz`);
  assert.equal(bytes, Deno.statSync(file).size);
  assert.deepEqual((await work.checkIntegrity(signal)).problems, []);
});

Deno.test("maintenance tells what the command found wrong, in its words and with its hint", async () => {
  using dir = tempDir();
  const dataDir = `${dir.path}/data`;
  const work = maintenance(loadConfig({ env: { DATA_DIR: dataDir }, workingDir: dir.path }));
  const expected = {
    name: "TrackerError",
    message: `Cannot check the database as there is none in "${dataDir}"`,
    hint: "Set DATA_DIR to the folder that holds tracker.db.",
  };
  await assert.rejects(work.checkIntegrity(signal), expected);
  await assert.rejects(work.backUp("b.tar.gz", signal), { message: /^Cannot back up as there is no database in / });
  await assert.rejects(work.checkIntegrity(AbortSignal.abort(new Error("stopped"))), /stopped/);
});

Deno.test("maintenance returns the damage that the check found, which is no failure of the check", async () => {
  using dir = tempDir();
  const db = openDatabase(dir.path, { clock });
  db.exec("PRAGMA foreign_keys = OFF");
  db.exec("INSERT INTO steps (run_id, name, result, finished_at) VALUES (7, 'a', 'null', '2026-11-22T00:00:00.000Z')");
  db.close();
  const work = maintenance(loadConfig({ env: { DATA_DIR: dir.path }, workingDir: dir.path }));
  assert.deepEqual((await work.checkIntegrity(signal)).problems, ["steps row 1 refers to a missing row of runs"]);
});
