import { finishRestore } from "../../../adapters/backup/pending_restore.ts";
import { tempDir } from "../../temp_dir.ts";
import { backUp, type Figures, fillDataFolder, readDataFolder } from "./data_folder.ts";
import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";

const OLD = { budgetMicros: 20_000_000, month: '{"old":1}', settings: "# old\n" };
const NEW = { budgetMicros: 70_000_000, month: '{"new":1}', settings: "# new\n" };
const MAX_CHANGES = 60;

async function restoreAndDie(dataDir: string, { file, dieAt }: { file: string; dieAt: number }): Promise<boolean> {
  const script = new URL("./restore_and_die.ts", import.meta.url).pathname;
  const { code, signal, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", script, dataDir, file, String(dieAt)],
  }).output();
  if (signal === null) assert.equal(code, 0, new TextDecoder().decode(stderr));
  return signal === "SIGKILL";
}

/** Leaves changes in the write-ahead log, as a killed server does. */
function fillWithOpenLog(dataDir: string, figures: Figures): void {
  fillDataFolder(dataDir, figures);
  const db = new DatabaseSync(`${dataDir}/tracker.db`);
  db.exec(
    "PRAGMA wal_autocheckpoint = 0; INSERT INTO budgets (effective_budget_cents, created_at) VALUES (1, '2020-01-01T00:00:00.000Z')",
  );
  const copies = ["-wal", "-shm"].map((end) => [end, Deno.readFileSync(`${dataDir}/tracker.db${end}`)] as const);
  const main = Deno.readFileSync(`${dataDir}/tracker.db`);
  db.close();
  Deno.writeFileSync(`${dataDir}/tracker.db`, main);
  for (const [end, bytes] of copies) Deno.writeFileSync(`${dataDir}/tracker.db${end}`, bytes);
}

Deno.test("a restore that is killed before any of its changes leaves the old data whole or the new", async () => {
  using dir = tempDir();
  const file = `${dir.path}/b.tar.gz`;
  fillDataFolder(`${dir.path}/source`, NEW);
  await backUp(`${dir.path}/source`, file);
  const ends = { old: 0, new: 0 };
  for (let dieAt = 1;; dieAt++) {
    assert.ok(dieAt < MAX_CHANGES, "the restore has that many changes");
    const dataDir = `${dir.path}/data-${dieAt}`;
    fillWithOpenLog(dataDir, OLD);
    if (!await restoreAndDie(dataDir, { file, dieAt })) break;
    finishRestore(dataDir);
    const found = readDataFolder(dataDir);
    const isOld = found.budgetMicros === OLD.budgetMicros;
    assert.deepEqual(found, isOld ? OLD : NEW, `killed before change ${dieAt}`);
    ends[isOld ? "old" : "new"]++;
  }
  assert.ok(ends.old >= 5 && ends.new >= 5, JSON.stringify(ends));
});

Deno.test("a restore that is killed again while it is finished is finished by the start after that", async () => {
  using dir = tempDir();
  const file = `${dir.path}/b.tar.gz`;
  fillDataFolder(`${dir.path}/source`, NEW);
  await backUp(`${dir.path}/source`, file);
  const dataDir = `${dir.path}/data`;
  fillWithOpenLog(dataDir, OLD);
  let kills = 0;
  for (let dieAt = 6; !isDecided(dataDir); dieAt++) if (await restoreAndDie(dataDir, { file, dieAt })) kills++;
  // From here on each start finishes the first restore before it begins its own.
  for (let dieAt = 1; isDecided(dataDir) && dieAt < 10; dieAt++) {
    if (await restoreAndDie(dataDir, { file, dieAt })) kills++;
  }
  finishRestore(dataDir);
  assert.deepEqual(readDataFolder(dataDir), NEW);
  assert.ok(kills > 3, String(kills));
});

function isDecided(dataDir: string): boolean {
  try {
    return Deno.statSync(`${dataDir}/restore.json`).isFile;
  } catch {
    return false; // not yet, or no longer
  }
}
