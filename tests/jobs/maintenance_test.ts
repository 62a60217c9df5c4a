import type { Maintenance } from "../../domain/operations/backup.ts";
import { backupJob, integrityCheckJob, KEPT_BACKUPS } from "../../jobs/maintenance.ts";
import { FakeLog } from "../fake_log.ts";
import { fakeRunContext } from "./fake_run_context.ts";
import assert from "node:assert/strict";

/** Maintenance that notes what is asked of it. */
function fakeMaintenance(problems: readonly string[] = []) {
  const asked: string[] = [];
  const maintenance: Maintenance = {
    backUp(name) {
      asked.push(`back up ${name}`);
      return Promise.resolve({ file: `/data/backups/${name}`, bytes: 42 });
    },
    pruneBackups(keep) {
      asked.push(`keep ${keep}`);
      return Promise.resolve(["tracker-20251224T034000Z.tar.gz"]);
    },
    checkIntegrity: () => Promise.resolve({ problems }),
  };
  return { asked, maintenance };
}

const runOf = (results = new Map<string, string>()) => fakeRunContext({ tx: null, log: new FakeLog(), results });

Deno.test("the nightly backup has its run's time in its name, and keeps seven", async () => {
  const { asked, maintenance } = fakeMaintenance();
  const output = await backupJob(maintenance).run(runOf());
  assert.deepEqual(asked, ["back up tracker-20260101T000000Z.tar.gz", `keep ${KEPT_BACKUPS}`]);
  assert.equal(KEPT_BACKUPS, 7);
  assert.deepEqual(output, {
    file: "/data/backups/tracker-20260101T000000Z.tar.gz",
    bytes: 42,
    removed: ["tracker-20251224T034000Z.tar.gz"],
  });
});

Deno.test("a backup that was written before a crash is not written again", async () => {
  const { asked, maintenance } = fakeMaintenance();
  const results = new Map([["write", '{"file":"/data/backups/a.tar.gz","bytes":1}']]);
  await backupJob(maintenance).run(runOf(results));
  assert.deepEqual(asked, ["keep 7"]);
});

Deno.test("the integrity check succeeds on a whole database, and fails its run with what is damaged and what helps", async () => {
  assert.deepEqual(await integrityCheckJob(fakeMaintenance().maintenance).run(runOf()), { problems: [] });
  const { maintenance } = fakeMaintenance(["row 1 missing from index a", "row 2 missing from index a"]);
  await assert.rejects(integrityCheckJob(maintenance).run(runOf()), {
    name: "TrackerError",
    message: "The database is damaged: row 1 missing from index a (and 1 more)",
    hint: /restore the newest backup/,
  });
});
