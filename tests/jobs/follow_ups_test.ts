import type { Json } from "../../domain/json.ts";
import type { Run, RunStatus } from "../../domain/runs/run.ts";
import { FollowUps } from "../../jobs/follow_ups.ts";
import { FakeLog } from "../fake_log.ts";
import assert from "node:assert/strict";

const NOW = Temporal.Instant.from("2026-11-21T20:00:00Z");

function runOf(job: string, { status = "succeeded", output = null }: { status?: RunStatus; output?: Json } = {}): Run {
  const ends = { createdAt: NOW, finishedAt: NOW, cancelRequestedAt: null, failure: null };
  return { id: 7, job, key: "k", status, input: null, output, owner: "p", fence: 2, retries: 0, ...ends };
}

/** Follow-ups whose sweeps are counted and whose pauses the test ends. */
function harness({ start }: { start?: () => Promise<Run> } = {}) {
  const started: string[] = [];
  const pauses: { ms: number; end: () => void }[] = [];
  const log = new FakeLog();
  const followUps = new FollowUps({
    engine: () => ({
      start(job, key) {
        started.push(`${job} ${key}`);
        return start?.() ?? Promise.resolve(runOf(job));
      },
    }),
    clock: { now: () => NOW },
    log,
    sleep: (ms) => new Promise((resolve) => pauses.push({ ms, end: resolve })),
  });
  return { started, pauses, log, followUps };
}

const failedUntil = (at: string) => runOf("alert-sweep", { output: { next_attempt_at: at } });

Deno.test("each scrape that ended, well or not, is followed by one sweep of its own", async () => {
  const { started, followUps } = harness();
  followUps.after(runOf("scrape"));
  followUps.after(runOf("scrape", { status: "failed" }));
  followUps.after(runOf("scrape", { status: "running" }));
  followUps.after(runOf("billing-fetch"));
  await followUps.settled();
  assert.deepEqual(started, ["alert-sweep after:7:2", "alert-sweep after:7:2"]);
});

Deno.test("a message that failed is tried again when it is due, not only by the schedule", async () => {
  const { started, pauses, followUps } = harness();
  followUps.after(failedUntil("2026-11-21T20:02:00Z"));
  assert.deepEqual(pauses.map(({ ms }) => ms), [120_000]);
  pauses[0]?.end();
  await Promise.resolve();
  assert.deepEqual(started, ["alert-sweep retry:2026-11-21T20:02:00Z"]);
  followUps.after(failedUntil("2026-11-21T20:15:00Z"));
  followUps.after(failedUntil("2026-11-21T19:00:00Z"));
  assert.deepEqual(pauses.map(({ ms }) => ms), [120_000, 5_000]);
});

Deno.test("a newer sweep's answer takes the place of an older one's retry", async () => {
  const { started, pauses, followUps } = harness();
  followUps.after(failedUntil("2026-11-21T20:02:00Z"));
  followUps.after(runOf("alert-sweep", { output: { next_attempt_at: null } }));
  pauses[0]?.end();
  await Promise.resolve();
  assert.deepEqual(started, []);
});

Deno.test("nothing follows after the end, and a sweep that could not start is logged", async () => {
  const { started, log, followUps } = harness({ start: () => Promise.reject(new Error("no")) });
  followUps.after(runOf("scrape"));
  await followUps.settled();
  assert.deepEqual(log.events(), ["alert_sweep.failed"]);
  followUps.close();
  followUps.after(runOf("scrape"));
  assert.equal(started.length, 1);
});
