import type { Run, RunStatus } from "../../../domain/runs/run.ts";
import { beginRetry, cancelRun, NoSuchRun, retryRun } from "../../../jobs/actions/retry.ts";
import { beginScrape, scrapeNow } from "../../../jobs/actions/scrape.ts";
import { setBudget } from "../../../jobs/actions/set_budget.ts";
import { testDatabase } from "../../adapters/sqlite/test_database.ts";
import { dollars, instant } from "../../domain/history/snapshots.ts";
import { FakeLog } from "../../fake_log.ts";
import { NO_RUNS } from "../../ui/no_runs.ts";
import assert from "node:assert/strict";

const clock = { now: () => instant("2026-11-21T19:00:00.250Z") };

function run(id: number, status: RunStatus, from: string): Run {
  const rest = { input: null, output: null, failure: null, owner: "x", fence: 1, retries: 0, cancelRequestedAt: null };
  return { id, job: "scrape", key: `tick ${id}`, status, createdAt: instant(from), finishedAt: null, ...rest };
}

Deno.test("a scrape that was interrupted within 15 minutes answers; after an older one there is another", async () => {
  const started: string[] = [];
  const runs = (resumed: Run[]) => ({
    ...NO_RUNS,
    resume: () => Promise.resolve(resumed),
    run(_: string, key: string) {
      started.push(key);
      return Promise.resolve(run(9, "succeeded", "2026-11-21T19:00:00Z"));
    },
  });
  await scrapeNow({ runs: runs([run(8, "succeeded", "2026-11-21T18:45:00.250Z")]), clock });
  assert.deepEqual(started, []);
  await scrapeNow({ runs: runs([run(8, "succeeded", "2026-11-21T18:45:00.249Z")]), clock });
  await scrapeNow({ runs: runs([run(8, "failed", "2026-11-21T18:59:00Z")]), clock });
  assert.deepEqual(started, ["manual:2026-11-21T19:00:00.250Z", "manual:2026-11-21T19:00:00.250Z"]);
});

Deno.test("a scrape that goes on is joined, and the log has each wish", () => {
  const log = new FakeLog();
  const keys: string[] = [];
  const begin = (_: string, key: string) => {
    keys.push(key);
    return run(7, "running", "2026-11-21T19:00:00Z");
  };
  beginScrape({ runs: { ...NO_RUNS, begin, list: () => [run(7, "running", "2026-11-21T18:59:00Z")] }, clock, log });
  beginScrape({ runs: { ...NO_RUNS, begin }, clock, log });
  assert.deepEqual(keys, ["tick 7", "manual:2026-11-21T19:00:00.250Z"]);
  assert.deepEqual(log.entries.map(({ event, fields }) => [event, fields["run_id"]]), [
    ["scrape.asked_for", 7],
    ["scrape.asked_for", 7],
  ]);
});

Deno.test("a run that is not there is neither retried nor cancelled, and nothing is logged", () => {
  const parts = { runs: NO_RUNS, log: new FakeLog() };
  const refusal = (error: unknown) => error instanceof NoSuchRun && error.id === 5 && error.exitCode === 2;
  for (const act of [retryRun, beginRetry, cancelRun]) assert.throws(() => act(parts, 5), refusal, act.name);
  assert.deepEqual(parts.log.entries, []);
});

Deno.test("a run that is not running is not cancelled, and one that is running is asked to stop", () => {
  const log = new FakeLog();
  const show = () => ({ run: run(5, "running", "2026-11-21T18:59:00Z"), steps: [], attempts: [] });
  assert.equal(cancelRun({ runs: { ...NO_RUNS, show, cancel: () => false }, log }, 5), false);
  assert.deepEqual(log.entries, []);
  assert.equal(cancelRun({ runs: { ...NO_RUNS, show, cancel: () => true }, log }, 5), true);
  assert.equal(log.entries.length, 1);
});

Deno.test("a budget is kept with its moment, and logged once in cents", () => {
  using database = testDatabase();
  const log = new FakeLog();
  const budget = setBudget({ stores: database.stores, clock, log }, dollars(19.99));
  assert.equal(budget.amount, 19_990_000);
  assert.equal(database.stores.budgets.list()[0]?.setAt.toString(), "2026-11-21T19:00:00.25Z");
  assert.deepEqual(log.entries, [{ level: "info", event: "budget.set", fields: { cents: 1_999 } }]);
});
