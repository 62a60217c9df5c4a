import { pruneNightlyBackups } from "../../../adapters/backup/backups.ts";
import { integrityProblems } from "../../../adapters/backup/check_database.ts";
import { readBackupManifest } from "../../../adapters/backup/read_backup.ts";
import { prepareRestore } from "../../../adapters/backup/restore_backup.ts";
import { writeBackup } from "../../../adapters/backup/write_backup.ts";
import { takeExclusiveLock } from "../../../adapters/files/exclusive_lock.ts";
import { openProcessLiveness } from "../../../adapters/system/process_liveness.ts";
import { tempDir } from "../../temp_dir.ts";
import { sha256 } from "./craft_archive.ts";
import { AT, backUp, clock, fillDataFolder, quietly, readDataFolder } from "./data_folder.ts";
import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";

const OLD = { budgetMicros: 20_000_000, month: '{"old":1}', settings: "billing:\n  page_size: 10\n" };
const NEW = { budgetMicros: 70_000_000, month: '{"new":1}', settings: "billing:\n  page_size: 20\n" };

Deno.test("a backup is one file for its owner only, with a manifest first, and no other file is left", async () => {
  using dir = tempDir();
  const [dataDir, file] = [`${dir.path}/data`, `${dir.path}/b.tar.gz`];
  fillDataFolder(dataDir, OLD);
  Deno.writeTextFileSync(`${dataDir}/.env`, "CURSOR_API_KEY=key_secret");
  const { bytes, manifest } = await backUp(dataDir, file);
  const info = Deno.statSync(file);
  assert.equal((info.mode ?? 0) & 0o777, 0o600);
  assert.equal(info.size, bytes);
  assert.deepEqual([...Deno.readDirSync(dir.path)].map(({ name }) => name).sort(), ["b.tar.gz", "data"]);
  assert.deepEqual([...Deno.readDirSync(`${dataDir}/backups`)], []);
  const read = await readBackupManifest(file);
  assert.deepEqual(read.entries, manifest.entries);
  assert.equal(read.createdAt.toString(), AT.toString());
  assert.deepEqual([read.programVersion, read.schemaVersion], ["0.1.0", 1]);
  assert.deepEqual(
    read.entries.map(({ name }) => name),
    ["tracker.db", "config.yaml", "monthly_usage_data/01-2026-usage-based-data.json"],
  );
  assert.equal(read.entries[2]?.sha256, sha256(new TextEncoder().encode(OLD.month)));
});

Deno.test("other programs read a backup, too", async () => {
  using dir = tempDir();
  fillDataFolder(`${dir.path}/data`, OLD);
  await backUp(`${dir.path}/data`, `${dir.path}/b.tar.gz`);
  const { stdout } = await new Deno.Command("tar", { args: ["tzf", `${dir.path}/b.tar.gz`] }).output();
  assert.equal(new TextDecoder().decode(stdout).split("\n")[0], "manifest.json");
});

Deno.test("restoring replaces all that the backup has, and keeps what it replaced", async () => {
  using dir = tempDir();
  const [dataDir, file] = [`${dir.path}/data`, `${dir.path}/b.tar.gz`];
  fillDataFolder(dataDir, OLD);
  await backUp(dataDir, file);
  fillDataFolder(dataDir, NEW);
  Deno.writeTextFileSync(`${dataDir}/monthly_usage_data/02-2026-usage-based-data.json`, "{}");
  const prepared = await prepareRestore(file, { dataDir, clock, ...quietly });
  assert.deepEqual(prepared.replaces, ["tracker.db", "monthly_usage_data", "config.yaml"]);
  const { keptIn } = prepared.commit();
  assert.equal(keptIn, `${dataDir}/before-restore-20261122T034000Z`);
  assert.deepEqual(readDataFolder(dataDir), OLD);
  assert.deepEqual(readDataFolder(keptIn ?? ""), NEW);
  assert.deepEqual(
    [...Deno.readDirSync(`${dataDir}/monthly_usage_data`)].map(({ name }) => name),
    ["01-2026-usage-based-data.json"],
  );
  const left = [...Deno.readDirSync(dataDir)].map(({ name }) => name).filter((name) =>
    /restor(?:ing|e\.json)/.test(name)
  );
  assert.deepEqual(left, []);
});

Deno.test("restoring into a new folder keeps nothing aside; a discarded restore leaves nothing", async () => {
  using dir = tempDir();
  const file = `${dir.path}/b.tar.gz`;
  fillDataFolder(`${dir.path}/data`, OLD);
  await backUp(`${dir.path}/data`, file);
  const dataDir = `${dir.path}/new`;
  (await prepareRestore(file, { dataDir, clock, ...quietly })).discard();
  assert.equal([...Deno.readDirSync(dataDir)].every(({ name }) => name.endsWith(".lock")), true);
  const prepared = await prepareRestore(file, { dataDir, clock, ...quietly });
  assert.deepEqual(prepared.replaces, []);
  assert.equal(prepared.commit().keptIn, null);
  assert.deepEqual(readDataFolder(dataDir), OLD);
});

Deno.test("two restores at the same time of day keep both of what they replaced", async () => {
  using dir = tempDir();
  const [dataDir, file] = [`${dir.path}/data`, `${dir.path}/b.tar.gz`];
  fillDataFolder(dataDir, OLD);
  await backUp(dataDir, file);
  for (const end of ["", "-2"]) {
    const { keptIn } = (await prepareRestore(file, { dataDir, clock, ...quietly })).commit();
    assert.equal(keptIn, `${dataDir}/before-restore-20261122T034000Z${end}`);
  }
  assert.deepEqual(readDataFolder(dataDir), OLD);
});

Deno.test("runs that were going on when the backup was made are cancelled by its restore", async () => {
  using dir = tempDir();
  const [dataDir, file] = [`${dir.path}/data`, `${dir.path}/b.tar.gz`];
  fillDataFolder(dataDir, OLD);
  const db = new DatabaseSync(`${dataDir}/tracker.db`);
  db.exec(
    "INSERT INTO runs (job, key, status, input, owner, fence, created_at) VALUES ('backup', 'k', 'running', 'null', '1-x', 1, '2026-11-22T03:40:00.000Z')",
  );
  db.close();
  await backUp(dataDir, file);
  (await prepareRestore(file, { dataDir, clock, ...quietly })).commit();
  using restored = new DatabaseSync(`${dataDir}/tracker.db`);
  const { status, finished_at } = restored.prepare("SELECT status, finished_at FROM runs").get() ?? {};
  assert.deepEqual([status, finished_at], ["cancelled", "2026-11-22T03:40:00.000Z"]);
});

Deno.test("a restore is refused with exit code 15 while a server or another command lives", async () => {
  using dir = tempDir();
  const [dataDir, file] = [`${dir.path}/data`, `${dir.path}/b.tar.gz`];
  fillDataFolder(dataDir, OLD);
  await backUp(dataDir, file);
  const lock = takeExclusiveLock(`${dataDir}/serve.lock`, { what: "serve" });
  const refused = (message: RegExp) =>
    assert.rejects(prepareRestore(file, { dataDir, clock, ...quietly }), { exitCode: 15, message });
  await refused(/as process \d+ serves it/);
  lock.release();
  using living = openProcessLiveness(dataDir);
  await refused(/as process \d+ works with it/);
  living.close();
  (await prepareRestore(file, { dataDir, clock, ...quietly })).commit();
});

Deno.test("a file that exists, a folder that does not, or a folder without data is refused", async () => {
  using dir = tempDir();
  const dataDir = `${dir.path}/data`;
  const origin = { dataDir, configFile: null, clock, programVersion: "0.1.0" };
  const write = (target: string) => writeBackup(origin, { target, replace: false, ...quietly });
  await assert.rejects(write(`${dir.path}/b.tar.gz`), /there is no database/);
  assert.deepEqual([...Deno.readDirSync(dir.path)], [], "nothing was made");
  fillDataFolder(dataDir, OLD);
  await assert.rejects(write(`${dir.path}/nowhere/b.tar.gz`), /there is no folder/);
  const { file } = await write(dir.path);
  assert.equal(file, `${dir.path}/tracker-20261122T034000Z.tar.gz`);
  await assert.rejects(write(file), /exists/);
});

Deno.test("an interrupted backup leaves nothing behind", async () => {
  using dir = tempDir();
  fillDataFolder(`${dir.path}/data`, OLD);
  const controller = new AbortController();
  const onProgress = (part: number) => part > 0.5 && controller.abort();
  const origin = { dataDir: `${dir.path}/data`, configFile: null, clock, programVersion: "0.1.0" };
  const options = { target: `${dir.path}/b.tar.gz`, replace: false, signal: controller.signal, onProgress };
  await assert.rejects(writeBackup(origin, options), { name: "AbortError" });
  assert.deepEqual([...Deno.readDirSync(dir.path)].map(({ name }) => name), ["data"]);
  assert.deepEqual([...Deno.readDirSync(`${dir.path}/data/backups`)], []);
});

Deno.test("a backup beside a process that writes holds each of its transactions whole", async () => {
  using dir = tempDir();
  const [dataDir, file] = [`${dir.path}/data`, `${dir.path}/b.tar.gz`];
  fillDataFolder(dataDir, OLD);
  const script = new URL("./write_pairs.ts", import.meta.url).pathname;
  const writer = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", script, dataDir],
    stdout: "piped",
  }).spawn();
  const lines = writer.stdout.getReader();
  await lines.read(); // it has begun to write
  for (let n = 0; n < 3; n++) {
    await backUp(dataDir, file);
    const restored = `${dir.path}/restored-${n}`;
    (await prepareRestore(file, { dataDir: restored, clock, ...quietly })).commit();
    using db = new DatabaseSync(`${restored}/tracker.db`);
    const { n: rows } = db.prepare("SELECT count(*) AS n FROM budgets").get() ?? {};
    assert.equal(Number(rows) % 2, 1, "the first row, and pairs");
  }
  writer.kill("SIGKILL");
  await lines.cancel();
  await writer.status;
});

Deno.test("the integrity check is silent on a whole database and names what is broken", () => {
  using dir = tempDir();
  fillDataFolder(dir.path, OLD);
  const path = `${dir.path}/tracker.db`;
  assert.deepEqual(integrityProblems(path), []);
  const db = new DatabaseSync(path, { enableForeignKeyConstraints: false });
  db.exec("INSERT INTO steps (run_id, name, result, finished_at) VALUES (7, 'a', 'null', '2026-11-22T00:00:00.000Z')");
  db.close();
  assert.deepEqual(integrityProblems(path), ["steps row 1 refers to a missing row of runs"]);
  const bytes = Deno.readFileSync(path);
  bytes.fill(0xff, 3 * 4096, 5 * 4096);
  Deno.writeFileSync(path, bytes);
  assert.ok(integrityProblems(path).length > 0);
});

Deno.test("pruning keeps the newest nightly backups and every file of another name", () => {
  using dir = tempDir();
  const night = (day: number) => `tracker-202611${String(day).padStart(2, "0")}T034000Z.tar.gz`;
  const others = ["tracker-v1-20261101T000000000Z.db", "tracker-mine.tar.gz"];
  const unfinished = `${night(9)}.${crypto.randomUUID()}.partial`;
  const nights = Array.from({ length: 9 }, (_, n) => night(n + 1));
  for (const name of [...nights, ...others, unfinished]) Deno.writeTextFileSync(`${dir.path}/${name}`, "");
  assert.deepEqual(pruneNightlyBackups(dir.path, 7), [night(1), night(2), unfinished]);
  const left = [...Deno.readDirSync(dir.path)].map(({ name }) => name).sort();
  assert.deepEqual(left, [...nights.slice(2), ...others].sort());
});
