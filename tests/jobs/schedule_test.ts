import type { Json } from "../../domain/json.ts";
import { type Cron, dailyAt, every, schedule, type ScheduleEntry } from "../../jobs/schedule.ts";
import { Harness } from "./engine/harness.ts";
import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";

/** A schedule whose ticks the test reports by hand. */
function fakeSchedule(entries: ScheduleEntry[], { now, start }: { now: string; start?: () => Promise<never> }) {
  const harness = new Harness();
  const started: [string, string, Json][] = [];
  const handlers = new Map<string, () => Promise<void>>();
  const crons: [string, string][] = [];
  const cron: Cron = (name, text, _options, handler) => {
    crons.push([name, text]);
    handlers.set(name, handler);
    return Promise.resolve();
  };
  const names = new Set(entries.map(({ job }) => job));
  const jobs = [...names].map((name) => ({ name, run: () => Promise.resolve(null) }));
  const real = harness.engine(jobs);
  const engine = {
    start: start ?? ((job: string, key: string, input: Json) => {
      started.push([job, key, input]);
      return real.start(job, key, input);
    }),
  };
  const clock = { now: () => Temporal.Instant.from(now) };
  const { signal } = new AbortController();
  const { catchUp } = schedule({ engine, entries, clock, log: harness.log, signal, cron });
  return { harness, started, crons, catchUp, tick: (job: string) => handlers.get(job)?.() };
}

const HOURLY: ScheduleEntry = { job: "scrape", cadence: every(60), input: { mode: "auto" } };
const DAILY: ScheduleEntry = { job: "alert_sweep", cadence: dailyAt("06:00") };

Deno.test("schedule() registers each job under its name, and starts nothing by itself", () => {
  const { crons, started } = fakeSchedule([HOURLY, DAILY], { now: "2026-11-21T19:20:00Z" });
  deepStrictEqual(crons, [["scrape", "0 * * * *"], ["alert_sweep", "0 6 * * *"]]);
  deepStrictEqual(started, []);
});

Deno.test("a tick starts the run that is keyed by it", async () => {
  const { started, tick } = fakeSchedule([HOURLY], { now: "2026-11-21T19:00:00.020Z" });
  await tick("scrape");
  deepStrictEqual(started, [["scrape", "2026-11-21T19:00Z", { mode: "auto" }]]);
});

Deno.test("a timer that fires a moment early still starts the new tick", async () => {
  const { started, tick } = fakeSchedule([HOURLY], { now: "2026-11-21T18:59:59.900Z" });
  await tick("scrape");
  strictEqual(started[0]?.[1], "2026-11-21T19:00Z");
});

Deno.test("a tick whose start fails is logged and does not throw", async () => {
  const start = () => Promise.reject(new Error("disk is full"));
  const { harness, tick, catchUp } = fakeSchedule([HOURLY], { now: "2026-11-21T19:00:00Z", start });
  await tick("scrape");
  await catchUp();
  deepStrictEqual(
    harness.events,
    [1, 2].map(() => ({
      level: "error",
      event: "schedule.tick_failed",
      fields: { job: "scrape", key: "2026-11-21T19:00Z", error: "disk is full" },
    })),
  );
});

Deno.test("catchUp() starts the last due tick of each job, and joins it where it ran already", async () => {
  const { harness, catchUp, tick } = fakeSchedule([HOURLY, DAILY], { now: "2026-11-21T19:20:00Z" });
  await tick("scrape");
  await catchUp();
  await catchUp();
  deepStrictEqual(harness.store.list().map(({ job, key, input }) => [job, key, input]), [
    ["alert_sweep", "2026-11-21T06:00Z", null],
    ["scrape", "2026-11-21T19:00Z", { mode: "auto" }],
  ]);
});

Deno.test("schedule() refuses names that Deno.cron refuses, and a job that is named twice", () => {
  const named = (...jobs: string[]) => jobs.map((job) => ({ job, cadence: every(60) }));
  throws(
    () => fakeSchedule(named("alerts.sweep"), { now: "2026-11-21T19:00:00Z" }),
    /letters, digits.*"alerts\.sweep"/,
  );
  throws(() => fakeSchedule(named("a", "a"), { now: "2026-11-21T19:00:00Z" }), /Cannot schedule a job twice: "a"/);
});

Deno.test("schedule() is taken by the real Deno.cron and ends with its signal", async () => {
  const harness = new Harness();
  const stopping = new AbortController();
  const engine = harness.engine([]);
  schedule({ engine, entries: [DAILY], clock: harness.time, log: harness.log, signal: stopping.signal });
  stopping.abort();
  await harness.time.settle();
  deepStrictEqual(harness.events, []);
});
