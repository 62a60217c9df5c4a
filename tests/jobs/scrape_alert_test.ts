import { SqliteRunStore } from "../../adapters/sqlite/runs.ts";
import type { Failure, Run } from "../../domain/runs/run.ts";
import type { Stores } from "../../domain/stores.ts";
import { sweepHarness } from "./sweep_harness.ts";
import assert from "node:assert/strict";

/** Why a scrape failed. */
function failureOf(outcome: string): Failure {
  return { name: "CaptureFailed", message: `It is ${outcome}.`, hint: "Mend it.", details: { outcome } };
}

/** A database in which scrapes end at moments that the test says, and sweeps come when it says. */
function harness() {
  const test = sweepHarness({ now: "2026-11-21T10:00:00Z" });
  const runs = new SqliteRunStore<Stores>(test.db, () => test.stores);
  const end = (run: Run, outcome: string | null) => {
    const lease = { runId: run.id, owner: "p", fence: run.fence };
    if (outcome === null) runs.succeed(lease, null, test.time.now());
    else runs.fail(lease, failureOf(outcome), test.time.now());
  };
  return {
    ...test,
    /** A scrape that ends now: with an outcome of failure, or well. */
    end(outcome: string | null): Run {
      const { run } = runs.open({
        job: "scrape",
        key: crypto.randomUUID(),
        input: null,
        owner: "p",
        at: test.time.now(),
      });
      end(run, outcome);
      return run;
    },
    /** A failed run is tried once more; returns what ends it. */
    again({ id, fence }: Run): (outcome: string | null) => void {
      const claimed = runs.claim(id, { owner: "p", from: ["failed"], fence, at: test.time.now() });
      return (outcome) => end(claimed ?? assert.fail("the run is claimed"), outcome);
    },
    alerts: () =>
      test.stores.alerts.list(10).map(({ dedupeKey, triggeredAt, clearedAt }) => [
        dedupeKey,
        triggeredAt.toString().slice(11, 16),
        clearedAt?.toString().slice(11, 16) ?? null,
      ]),
  };
}

Deno.test("a row of failures is one alert with the words and the time of the first, however late the sweep comes", async () => {
  using test = harness();
  test.end("unreachable");
  test.pass({ hours: 1 });
  test.end("logged_out");
  test.pass({ minutes: 10 });
  assert.deepEqual((await test.sweep()).opened, ["scrape_error:run:1:1"]);
  assert.deepEqual(test.alerts(), [["scrape_error:run:1:1", "10:00", null]]);
  assert.equal(test.stores.alerts.list(1)[0]?.details, "It is unreachable. Mend it.");
  assert.deepEqual((await test.sweep()).opened, []);
});

Deno.test("the next success ends the alert at its own time; a failure after it is another one", async () => {
  using test = harness();
  test.end("challenged");
  await test.sweep();
  test.pass({ hours: 1 });
  test.end(null);
  test.pass({ minutes: 5 });
  await test.sweep();
  test.pass({ hours: 1 });
  test.end("challenged");
  await test.sweep();
  assert.deepEqual(test.alerts(), [
    ["scrape_error:run:3:1", "12:05", null],
    ["scrape_error:run:1:1", "10:00", "11:00"],
  ]);
});

Deno.test("failures that were over before a sweep came are no alert", async () => {
  using test = harness();
  test.end("unreachable");
  test.pass({ hours: 1 });
  test.end(null);
  assert.deepEqual((await test.sweep()).opened, []);
  assert.deepEqual(test.alerts(), []);
});

Deno.test("a failed run that is tried once more leaves its alert open until that succeeds", async () => {
  using test = harness();
  test.end(null);
  test.pass({ hours: 1 });
  const failed = test.end("unreachable");
  await test.sweep();
  test.pass({ minutes: 1 });
  const ends = test.again(failed);
  await test.sweep();
  assert.deepEqual(test.alerts(), [["scrape_error:run:2:1", "11:00", null]]);
  test.pass({ minutes: 1 });
  ends(null);
  await test.sweep();
  assert.deepEqual(test.alerts(), [["scrape_error:run:2:1", "11:00", "11:02"]]);
});

Deno.test("a scrape that another process kept out of the profile neither begins nor ends anything", async () => {
  using test = harness();
  test.end("locked");
  await test.sweep();
  assert.deepEqual(test.alerts(), []);
  test.end("unreachable");
  await test.sweep();
  test.pass({ hours: 1 });
  test.end("locked");
  await test.sweep();
  assert.deepEqual(test.alerts(), [["scrape_error:run:2:1", "10:00", null]]);
});

Deno.test("ends that a wrong clock put into the future hide neither a failure nor a success", async () => {
  using test = harness();
  test.time.set("2026-11-21T18:00:00Z");
  test.end(null);
  test.time.set("2026-11-21T10:00:00Z");
  test.end("unreachable");
  await test.sweep();
  assert.deepEqual(test.alerts(), [["scrape_error:run:2:1", "10:00", null]]);

  using other = harness();
  other.time.set("2026-11-21T18:00:00Z");
  other.end("unreachable");
  await other.sweep();
  other.time.set("2026-11-21T10:00:00Z");
  other.end(null);
  await other.sweep();
  assert.deepEqual(other.alerts(), [["scrape_error:run:1:1", "18:00", "10:00"]]);
});
