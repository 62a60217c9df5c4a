import type { UsageRow } from "../../../domain/capture/usage.ts";
import { cycleBetween } from "../../../domain/cycle.ts";
import { CycleHistory } from "../../../domain/history/cycle_history.ts";
import { type SnapshotFigures, sumFigures } from "../../../domain/history/figures.ts";
import type { ModelDay } from "../../../domain/history/model_history.ts";
import type { OwnEvent } from "../../../domain/history/own_events.ts";
import { micros, ZERO } from "../../../domain/money.ts";
import { assertSame } from "../../assert_same.ts";
import { eventSource } from "./snapshots.ts";
import fc from "fast-check";
import assert from "node:assert/strict";

const ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Auckland"];
/** Cycles around the days on which clocks change, beginning at an odd hour. */
const STARTS = ["2026-03-15T10:30:21Z", "2026-10-20T00:00:00Z", "2026-09-20T19:00:00Z", "2026-02-01T00:00:00Z"];
const MODELS = ["opus", "haiku", "auto"];

const cost = fc.option(fc.integer({ min: 0, max: 40_000_000 }).map(micros), { nil: null, freq: 6 });
const row = (model: string): fc.Arbitrary<UsageRow> =>
  fc.record({ counts: fc.array(fc.nat(100_000), { minLength: 5, maxLength: 5 }), apiCost: cost, costToYou: cost })
    .map(({ counts: [write = 0, input = 0, read = 0, output = 0, other = 0], ...costs }) => ({
      model,
      tokens: {
        inputWithCacheWrite: write,
        inputWithoutCacheWrite: input,
        cacheRead: read,
        output,
        total: write + input + read + output + other,
      },
      ...costs,
      costBasis: "estimated" as const,
    }));
const table = fc.subarray(MODELS).chain((models) => fc.tuple(...models.map(row)));
const step = fc.record({
  gapMinutes: fc.integer({ min: 1, max: 6000 }),
  checkedMinutes: fc.integer({ min: 0, max: 3000 }),
  rows: table,
});
const setting = fc.record({
  timeZone: fc.constantFrom(...ZONES),
  start: fc.constantFrom(...STARTS).map((text) => Temporal.Instant.from(text)),
  steps: fc.array(step, { minLength: 1, maxLength: 12 }),
  events: fc.array(fc.record({ model: fc.constantFrom(...MODELS), minute: fc.nat(40_000), apiCost: cost })),
});
/** Each run replays a history several times. */
const RUNS = { numRuns: 50 };
type Setting = typeof setting extends fc.Arbitrary<infer Value> ? Value : never;

/** Snapshots whose figures rise, fall, vanish and lose their costs at random. */
function snapshotsOf({ start, steps }: Pick<Setting, "start" | "steps">): SnapshotFigures[] {
  const cycle = cycleBetween(start, start.add({ hours: 24 * 31 }));
  let at = start;
  return steps.map(({ gapMinutes, checkedMinutes, rows }) => {
    const capturedAt = at.add({ minutes: gapMinutes });
    at = capturedAt.add({ minutes: checkedMinutes });
    return { capturedAt, lastCheckedAt: at, cycle, rows };
  });
}

function eventsOf({ start, events }: Pick<Setting, "start" | "events">): OwnEvent[] {
  const tokens = { inputWithCacheWrite: 3, inputWithoutCacheWrite: 1, cacheRead: 4, output: 1, total: 9 };
  return events.map(({ model, minute, apiCost }) => (
    { at: start.add({ minutes: minute }), model, tokens, apiCost, costToYou: ZERO }
  ));
}

function daysOf(
  snapshots: readonly SnapshotFigures[],
  timeZone: string,
  events: readonly OwnEvent[] = [],
): ModelDay[] {
  const history = new CycleHistory({ timeZone, eventsOf: eventSource(events) });
  for (const snapshot of snapshots) history.add(snapshot);
  return history.days();
}

Deno.test("whatever comes, the days of each model add up to its newest figures, to the micro-dollar", () => {
  fc.assert(fc.property(setting, (setting) => {
    const snapshots = snapshotsOf(setting);
    const days = daysOf(snapshots, setting.timeZone, eventsOf(setting));
    for (const { model, tokens, apiCost, costToYou } of snapshots.at(-1)?.rows ?? []) {
      assertSame(sumFigures(days.filter((day) => day.model === model)), { tokens, apiCost, costToYou });
    }
  }));
});

Deno.test("random restatements never make a day negative, and no day lies outside the cycle so far", () => {
  fc.assert(fc.property(setting, (setting) => {
    const snapshots = snapshotsOf(setting);
    const local = (at: Temporal.Instant) => at.toZonedDateTimeISO(setting.timeZone).toPlainDate().toString();
    const [first, last] = [local(setting.start), local(snapshots.at(-1)?.capturedAt ?? setting.start)];
    for (const day of daysOf(snapshots, setting.timeZone)) {
      const figures = [...Object.values(day.tokens), day.apiCost ?? 0, day.costToYou ?? 0];
      assert.ok(figures.every((figure) => figure >= 0), `${day.date} ${day.model}`);
      assert.ok(first <= day.date.toString() && day.date.toString() <= last, day.date.toString());
    }
  }));
});

Deno.test("add() answers every date whose days differ from before", () => {
  fc.assert(
    fc.property(setting, (setting) => {
      const history = new CycleHistory({ timeZone: setting.timeZone, eventsOf: eventSource(eventsOf(setting)) });
      const snapshots = snapshotsOf(setting);
      for (const snapshot of snapshots) {
        const before = byDate(history.days());
        const touched = new Set(history.add(snapshot));
        const after = byDate(history.days());
        const changed = [...new Set([...before.keys(), ...after.keys()])]
          .filter((date) => before.get(date) !== after.get(date));
        assertSame(changed.filter((date) => !touched.has(date)), []);
      }
    }),
    RUNS,
  );
});

Deno.test("a check that found nothing new changes nothing, and is worth as much as a snapshot with the same rows", () => {
  fc.assert(
    fc.property(setting, fc.integer({ min: 1, max: 5000 }), (setting, minutes) => {
      const snapshots = snapshotsOf({ ...setting, steps: setting.steps.slice(0, -1) });
      const last = snapshots.at(-1);
      if (last === undefined) return;
      const checkedAt = last.lastCheckedAt.add({ minutes });
      const checked = [...snapshots.slice(0, -1), { ...last, lastCheckedAt: checkedAt }];
      const repeated = [...snapshots, { ...last, capturedAt: checkedAt, lastCheckedAt: checkedAt }];
      assertSame(daysOf(checked, setting.timeZone), daysOf(snapshots, setting.timeZone));
      assertSame(daysOf(repeated, setting.timeZone), daysOf(snapshots, setting.timeZone));
      const next = setting.steps.at(-1);
      const newer = {
        ...last,
        capturedAt: checkedAt.add({ hours: 5 }),
        lastCheckedAt: checkedAt,
        rows: next?.rows ?? [],
      };
      assertSame(daysOf([...repeated, newer], setting.timeZone), daysOf([...checked, newer], setting.timeZone));
    }),
    RUNS,
  );
});

Deno.test("splitting a delta in two at the pace of the delta leaves every day's sum", () => {
  const split = fc.record({
    timeZone: fc.constantFrom(...ZONES),
    start: fc.constantFrom(...STARTS).map((text) => Temporal.Instant.from(text)),
    // An even number of micro-dollars each minute: every share is a whole number.
    minutes: fc.integer({ min: 2, max: 9000 }),
    pace: fc.integer({ min: 1, max: 4000 }),
    at: fc.integer({ min: 1, max: 8999 }),
  });
  fc.assert(fc.property(split, ({ timeZone, start, minutes, pace, at }) => {
    const middle = Math.min(at, minutes - 1);
    const cycle = cycleBetween(start, start.add({ hours: 24 * 31 }));
    const upTo = (minute: number): SnapshotFigures => {
      const capturedAt = start.add({ minutes: minute });
      const tokens = { inputWithCacheWrite: 0, inputWithoutCacheWrite: 0, cacheRead: 0, output: 0, total: 0 };
      const spent = micros(minute * pace);
      const rows = [{ model: "opus", tokens, apiCost: spent, costToYou: spent, costBasis: "included" as const }];
      return { capturedAt, lastCheckedAt: capturedAt, cycle, rows };
    };
    const costs = (days: ModelDay[]) => days.map(({ date, apiCost }) => `${date} ${apiCost}`);
    const whole = costs(daysOf([upTo(minutes)], timeZone));
    assertSame(costs(daysOf([upTo(middle), upTo(minutes)], timeZone)), whole);
  }));
});

Deno.test("splitting a delta within a day at any figure leaves the day's sum", () => {
  fc.assert(fc.property(fc.nat(9_000_000), fc.nat(9_000_000), fc.integer({ min: 1, max: 1438 }), (a, b, minute) => {
    const start = Temporal.Instant.from("2026-11-01T00:00Z");
    const cycle = cycleBetween(start, start.add({ hours: 720 }));
    const at = (minute: number, spent: number): SnapshotFigures => {
      const capturedAt = start.add({ minutes: minute });
      const tokens = { inputWithCacheWrite: 0, inputWithoutCacheWrite: 0, cacheRead: 0, output: spent, total: spent };
      const rows = [{ model: "opus", tokens, apiCost: micros(spent), costToYou: ZERO, costBasis: "included" as const }];
      return { capturedAt, lastCheckedAt: capturedAt, cycle, rows };
    };
    assertSame(daysOf([at(minute, a), at(1439, a + b)], "UTC"), daysOf([at(1439, a + b)], "UTC"));
  }));
});

/** The days as text, by date. */
function byDate(days: readonly ModelDay[]): Map<string, string> {
  const groups = Map.groupBy(days, ({ date }) => date.toString());
  return new Map(Array.from(groups, ([date, group]) => [date, JSON.stringify(group)]));
}
