import { sumByReason } from "../../domain/billing/ledger.ts";
import { sumMicros } from "../../domain/money.ts";
import { type SimEvent, simEvent } from "../../fixtures/cursor_sim/admin_events.ts";
import { rollupOf } from "../../jobs/billing_rollup.ts";
import { handWorkedMonth, rawEvent } from "../domain/billing/raw_events.ts";
import { withTempDir } from "../temp_dir.ts";
import { AFTER_FEBRUARY, BillingHarness, generated } from "./billing_harness.ts";
import { Killed } from "./fake_run_context.ts";
import assert from "node:assert/strict";

/** An event of 21.5 cents at a time. */
function eventAt(time: string): SimEvent {
  return simEvent(rawEvent({ timestamp: String(Temporal.Instant.from(time).epochMilliseconds) }));
}

function eventsAt(time: string, count: number): SimEvent[] {
  return Array.from({ length: count }, () => eventAt(time));
}

Deno.test("billing-fetch reads both halves of the month, and rolls up what was worked out by hand", async () => {
  await withTempDir(async (folder) => {
    const events = handWorkedMonth().map((event, index) => {
      const time = index % 2 === 0 ? "2026-01-15T23:59:59.999Z" : "2026-01-16T00:00:00Z";
      return simEvent({ ...event, timestamp: String(Temporal.Instant.from(time).epochMilliseconds) });
    });
    const job = new BillingHarness({ folder, events, now: "2026-01-31T12:00:00Z", monthsBack: 1 });
    assert.deepEqual(await job.execute(), {
      fetched: [{ month: "2026-01", fetched_events: 7, billed_events: 4, complete: false }],
      rolled_up: [],
    });
    assert.deepEqual(job.pagesAsked(), ["01-01 p1", "01-16 p1"]);
    assert.equal(sumMicros(job.rollups.rows().map((row) => row.micros)), 792_500);
    assert.equal(sumMicros(sumByReason(job.rollups.excluded()).map((sum) => sum.micros)), 4_220_000);
    const content = JSON.parse(await job.file("01-2026"));
    assert.deepEqual([content.total_events, content.events.length, content.complete], [4, 4, false]);
  });
});

Deno.test("billing-fetch rolls a month up from its pages to the same as from its file", async () => {
  await withTempDir(async (folder) => {
    const job = new BillingHarness({ folder, events: generated(150), now: AFTER_FEBRUARY, monthsBack: 3 });
    await job.execute();
    for (const month of ["2026-01", "2026-02"].map((text) => Temporal.PlainYearMonth.from(text))) {
      const { signal } = new AbortController();
      const file = await job.months.inspect(month, { isThorough: true, signal });
      assert.ok(file !== null);
      const { rows, excluded } = await rollupOf(job.months, file, signal);
      assert.ok(rows.length > 10 && excluded.length > 3);
      assert.deepEqual(job.rollups.rows({ months: [month.toString()] }), rows);
      assert.deepEqual(job.rollups.excluded({ months: [month.toString()] }), sumByReason(excluded));
    }
  });
});

Deno.test("billing-fetch shows how far it has come", async () => {
  await withTempDir(async (folder) => {
    const events = [...eventsAt("2026-01-02T00:00:00Z", 21), ...eventsAt("2026-01-20T00:00:00Z", 11)];
    const job = new BillingHarness({ folder, events, now: "2026-01-31T12:00:00Z", monthsBack: 1 });
    await job.execute();
    assert.deepEqual(job.shown, [
      "Fetching page 1 for January 2026…",
      "Fetching page 2/3 for January 2026…",
      "Fetching page 3/3 for January 2026…",
      "Fetching page 4 for January 2026…",
      "Fetching page 5/5 for January 2026…",
    ]);
  });
});

Deno.test("billing-fetch never fetches a complete month again, but an open and a settling one", async () => {
  await withTempDir(async (folder) => {
    const job = new BillingHarness({ folder, events: generated(30), now: "2026-02-02T00:00:00Z" });
    await job.execute({ id: 1 });
    assert.deepEqual(job.windowsAsked(), ["01-01", "01-16", "02-01"]);
    job.time.set("2026-02-04T00:00:00Z");
    job.asked.length = 0;
    await job.execute({ id: 2 });
    assert.deepEqual(job.windowsAsked(), ["01-01", "01-16", "02-01"]);
    job.asked.length = 0;
    await job.execute({ id: 3 });
    assert.deepEqual(job.windowsAsked(), ["02-01"]);
  });
});

Deno.test("billing-fetch goes on with an unsettled month that has left the range, and forces a complete one", async () => {
  await withTempDir(async (folder) => {
    const job = new BillingHarness({ folder, events: generated(9), now: "2026-01-31T00:00:00Z", monthsBack: 1 });
    await job.execute({ id: 1 });
    job.time.set(AFTER_FEBRUARY);
    job.asked.length = 0;
    await job.execute({ id: 2 });
    assert.deepEqual(job.pagesAsked(), ["01-01 p1", "01-16 p1", "03-01 p1", "03-16 p1"]);
    job.asked.length = 0;
    await job.execute({ id: 3, input: { force: ["01-2026"] } });
    assert.deepEqual(job.pagesAsked(), ["01-01 p1", "01-16 p1", "03-01 p1", "03-16 p1"]);
  });
});

Deno.test("billing-fetch finds rows that arrive late", async () => {
  await withTempDir(async (folder) => {
    const timely = eventAt("2026-01-31T10:00:00Z");
    const late = {
      ...eventAt("2026-01-31T11:00:00Z"),
      visibleFromMs: Temporal.Instant.from("2026-02-01T20:00:00Z").epochMilliseconds,
    };
    const job = new BillingHarness({ folder, events: [timely, late], now: "2026-02-01T00:00:00Z", monthsBack: 2 });
    await job.execute({ id: 1 });
    assert.equal(sumMicros(job.rollups.rows({ months: ["2026-01"] }).map((row) => row.micros)), 215_000);
    job.time.set("2026-02-03T00:00:01Z");
    await job.execute({ id: 2 });
    assert.equal(sumMicros(job.rollups.rows({ months: ["2026-01"] }).map((row) => row.micros)), 430_000);
    assert.equal(job.rollups.months().find(({ month }) => month === "2026-01")?.isComplete, true);
  });
});

Deno.test("billing-fetch reads a window again whose pages shifted, and counts every event once", async () => {
  await withTempDir(async (folder) => {
    const events = Array.from(
      { length: 25 },
      (_, index) => eventAt(`2026-01-${String(index % 9 + 1).padStart(2, "0")}T00:00:00Z`),
    );
    const arrivals = new Map([[2, [eventAt("2026-01-14T00:00:00Z")]]]);
    const job = new BillingHarness({
      folder,
      events,
      now: "2026-02-10T00:00:00Z",
      monthsBack: 2,
      faults: { arrivals },
    });
    await job.execute();
    assert.deepEqual(job.pagesAsked().slice(0, 6), [
      "01-01 p1",
      "01-01 p2",
      "01-01 p3",
      "01-01 p1",
      "01-01 p2",
      "01-01 p3",
    ]);
    assert.equal(job.rollups.months()[0]?.events, 26);
    assert.equal(job.rollups.months()[0]?.isComplete, true);
    assert.ok(job.log.events().includes("billing.window_reread"));
  });
});

Deno.test("billing-fetch gives up on a window that never comes to rest, and leaves its month open", async () => {
  await withTempDir(async (folder) => {
    const arrivals = new Map(Array.from({ length: 40 }, (_, index) => [index + 1, [eventAt("2026-01-14T00:00:00Z")]]));
    const events = eventsAt("2026-01-02T00:00:00Z", 15);
    const job = new BillingHarness({
      folder,
      events,
      now: "2026-02-10T00:00:00Z",
      monthsBack: 2,
      faults: { arrivals },
    });
    await job.execute();
    assert.equal(job.pagesAsked().filter((text) => text === "01-01 p1").length, 3);
    assert.equal(job.rollups.months()[0]?.isComplete, false);
    assert.ok(job.log.events().includes("billing.window_not_proven"));
  });
});

Deno.test("billing-fetch goes on behind a short page", async () => {
  await withTempDir(async (folder) => {
    const page = { totalUsageEventsCount: 3, usageEvents: [eventAt("2026-01-02T00:00:00Z").raw] };
    const onRequest = (request: number) => {
      return request <= 3 ? { kind: "body", body: JSON.stringify(page) } as const : null;
    };
    const job = new BillingHarness({
      folder,
      events: [],
      now: "2026-01-10T00:00:00Z",
      monthsBack: 1,
      faults: { onRequest },
    });
    await job.execute();
    assert.equal(job.rollups.months()[0]?.events, 3);
  });
});

Deno.test("billing-fetch rolls another tool's complete file up once, without a request for its month", async () => {
  await withTempDir(async (folder) => {
    const job = new BillingHarness({ folder, events: [], now: "2026-02-24T17:00:00Z" });
    const events = [rawEvent(), rawEvent({ kind: "Included in Business" })];
    const file = { month: "01-2026", fetched_at: "2026-02-24T16:30:00Z", total_events: 2, events };
    await Deno.writeTextFile(job.path("01-2026"), JSON.stringify(file));
    await job.execute({ id: 1 });
    assert.deepEqual(job.pagesAsked(), ["02-01 p1", "02-16 p1"]);
    assert.deepEqual(job.rollups.rows().map(({ month, micros }) => [month, micros]), [["2026-01", 215_000]]);
    assert.equal(job.rollups.replaced, 2);
    await job.execute({ id: 2 });
    assert.equal(job.rollups.replaced, 3); // February only
  });
});

Deno.test("billing-fetch sets a damaged file aside, and fetches its month", async () => {
  await withTempDir(async (folder) => {
    const job = new BillingHarness({ folder, events: generated(40), now: AFTER_FEBRUARY, monthsBack: 3 });
    await job.execute({ id: 1 });
    const whole = await job.file("01-2026");
    await Deno.writeTextFile(job.path("01-2026"), whole.slice(0, -100));
    job.time.set(AFTER_FEBRUARY);
    await job.execute({ id: 2 });
    assert.equal(await job.file("01-2026"), whole);
    assert.ok(job.log.events().includes("billing.month_file_set_aside"));
  });
});

Deno.test("billing-fetch reads a window again whose pages were lost with the power", async () => {
  await withTempDir(async (folder) => {
    const results = new Map<string, string>();
    const job = new BillingHarness({ folder, events: generated(60), now: AFTER_FEBRUARY, monthsBack: 3 });
    const killPoint = (step: string) => {
      if (step.startsWith("check 01-2026-w1-r1")) throw new Killed();
    };
    await assert.rejects(job.execute({ results, killPoint }), Killed);
    await Deno.truncate(`${folder}/.partial/run-1/01-2026-w1-r1-p0001.page`, 5);
    await job.execute({ results });
    const other = new BillingHarness({
      folder: `${folder}/other`,
      events: generated(60),
      now: AFTER_FEBRUARY,
      monthsBack: 3,
    });
    await other.execute();
    assert.equal(await job.file("01-2026"), await other.file("01-2026"));
  });
});
