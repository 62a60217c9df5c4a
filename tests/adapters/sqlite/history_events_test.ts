import type { UsageEvent } from "../../../domain/events/event.ts";
import { type SnapshotFigures, sumFigures } from "../../../domain/history/figures.ts";
import { ownEvents } from "../../../domain/history/own_events.ts";
import type { Stores } from "../../../domain/stores.ts";
import { assertSame } from "../../assert_same.ts";
import { makeEvent } from "../../domain/events/make_event.ts";
import { historyOf } from "../../domain/history/history_of.ts";
import {
  brief,
  dates,
  dollars,
  eventSource,
  instant,
  NOVEMBER,
  row,
  snapshot,
} from "../../domain/history/snapshots.ts";
import { fileDatabase, store, testDatabase } from "./test_database.ts";
import fc from "fast-check";
import assert from "node:assert/strict";

const OCTOBER = dates("2026-10-01", "2026-11-01");
const SEPTEMBER = dates("2026-09-01", "2026-10-01");

const daysOf = ({ history }: Stores) => brief(history.days({}));

/** An event of the model "opus"; its cost in dollars. */
function opusEvent(at: string, api: number, { user = null }: { user?: string | null } = {}): UsageEvent {
  return makeEvent({ at, model: "opus", api: dollars(api), user });
}

/** Merges as a scrape does; answers whether it changed anything. */
function merge({ events, history }: Stores, window: readonly UsageEvent[]): boolean {
  const { changedFrom } = events.merge(window);
  if (changedFrom !== null) history.eventsChanged(changedFrom);
  return changedFrom !== null;
}

/** $1 on November 1, and two more between the midnights of November 2 and 4. */
const FIRST = snapshot("2026-11-01T10:00:00Z", [row("opus", 1)], { checkedAt: "2026-11-02T00:00:00Z" });
const SECOND = snapshot("2026-11-04T00:00:00Z", [row("opus", 3)]);

Deno.test("an event that is known before its snapshot decides the day", () => {
  using database = testDatabase();
  store(database.stores, FIRST);
  merge(database.stores, [opusEvent("2026-11-03T08:00:00Z", 2)]);
  store(database.stores, SECOND);
  assert.deepEqual(daysOf(database.stores), ["2026-11-01 opus 1", "2026-11-03 opus 2"]);
});

Deno.test("an event that comes after its snapshot moves what was spread before, for other processes too", () => {
  using database = fileDatabase();
  const other = database.connect().stores;
  store(database.stores, FIRST);
  store(database.stores, SECOND);
  assert.deepEqual(daysOf(database.stores), ["2026-11-01 opus 1", "2026-11-02 opus ~1", "2026-11-03 opus ~1"]);
  merge(other, [opusEvent("2026-11-03T08:00:00Z", 1.5)]);
  // The 50 cents that it does not explain stay spread over the two days.
  const moved = ["2026-11-01 opus 1", "2026-11-02 opus ~0.25", "2026-11-03 opus ~1.75"];
  assert.deepEqual(daysOf(other), moved);
  store(database.stores, snapshot("2026-11-04T01:00:00Z", [row("opus", 2.5)]));
  // The restatement takes from the newest day as it is with the event.
  assert.deepEqual(daysOf(database.stores), ["2026-11-01 opus 1", "2026-11-02 opus ~0.25", "2026-11-03 opus ~1.25"]);
});

Deno.test("an event read twice changes nothing; one whose cost is restated moves its day", () => {
  using database = testDatabase();
  store(database.stores, FIRST);
  store(database.stores, SECOND);
  const event = { at: "2026-11-03T08:00:00Z", model: "opus" };
  assert.equal(merge(database.stores, [makeEvent({ ...event, api: null, saidIncluded: true })]), true);
  assert.equal(merge(database.stores, [makeEvent({ ...event, api: null, saidIncluded: true })]), false);
  assert.deepEqual(daysOf(database.stores), ["2026-11-01 opus 1", "2026-11-02 opus ~1", "2026-11-03 opus ~1"]);
  merge(database.stores, [makeEvent({ ...event, api: dollars(2), readAt: "2026-11-20T18:00:00Z" })]);
  assert.deepEqual(daysOf(database.stores), ["2026-11-01 opus 1", "2026-11-03 opus 2"]);
});

Deno.test("events of other people decide nothing", () => {
  using database = testDatabase();
  store(database.stores, FIRST);
  store(database.stores, SECOND);
  assert.equal(merge(database.stores, [opusEvent("2026-11-03T08:00:00Z", 2, { user: "ann@example.com" })]), false);
  database.stores.history.rebuild();
  assert.deepEqual(daysOf(database.stores), ["2026-11-01 opus 1", "2026-11-02 opus ~1", "2026-11-03 opus ~1"]);
});

Deno.test("an event of a cycle that is long over moves its days", () => {
  using database = testDatabase();
  store(database.stores, snapshot("2026-09-03T00:00:00Z", [row("opus", 4)], { cycle: SEPTEMBER }));
  store(database.stores, snapshot("2026-10-01T05:00:00Z", [row("opus", 1)], { cycle: OCTOBER }));
  store(database.stores, snapshot("2026-11-01T05:00:00Z", [row("opus", 1)]));
  assert.deepEqual(daysOf(database.stores).slice(0, 2), ["2026-09-01 opus ~2", "2026-09-02 opus ~2"]);
  merge(database.stores, [opusEvent("2026-09-02T12:00:00Z", 4)]);
  assert.deepEqual(daysOf(database.stores), ["2026-09-02 opus 4", "2026-10-01 opus 1", "2026-11-01 opus 1"]);
});

Deno.test("with events in any order, stored days are those of the history and add up to each cycle's newest figure", () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 25 }), (steps) => {
      using database = fileDatabase({ timeZone: "Europe/Berlin" });
      const other = database.connect().stores;
      const snapshots = snapshotsOf(steps);
      steps.forEach(({ byOther, events }, index) => {
        const stores = byOther ? other : database.stores;
        merge(stores, events.map(({ minute, cost }) => opusEvent(START.add({ minutes: minute }).toString(), cost)));
        const figures = snapshots[index];
        if (figures !== undefined) store(stores, figures);
      });
      const eventsOf = eventSource([...ownEvents(other.events.read())]);
      const cycles = [...historyOf(snapshots, { timeZone: "Europe/Berlin", eventsOf })];
      const stored = database.stores.history.cycles().toReversed();
      assertSame(stored.map(({ id }) => database.stores.history.days({ cycleId: id })), cycles.map(({ days }) => days));
      for (const { days, last } of cycles) assertSame(sumFigures(days).apiCost, sumFigures(last.rows).apiCost);
    }),
    { numRuns: 40 },
  );
});

const START = instant("2026-10-20T00:00:00Z");

const step = fc.record({
  minutes: fc.integer({ min: 1, max: 3_000 }),
  checkedMinutes: fc.integer({ min: 0, max: 600 }),
  cost: fc.integer({ min: 0, max: 20 }),
  byOther: fc.boolean(),
  events: fc.array(fc.record({ minute: fc.nat(40_000), cost: fc.integer({ min: 0, max: 5 }) }), { maxLength: 3 }),
});

function snapshotsOf(steps: readonly { minutes: number; checkedMinutes: number; cost: number }[]): SnapshotFigures[] {
  let at = START;
  return steps.map(({ minutes, checkedMinutes, cost }) => {
    const capturedAt = at.add({ minutes });
    at = capturedAt.add({ minutes: checkedMinutes });
    const cycle = Temporal.Instant.compare(capturedAt, instant("2026-11-01T00:00:00Z")) < 0 ? OCTOBER : NOVEMBER;
    return { capturedAt, lastCheckedAt: at, cycle, rows: [row("opus", cost)] };
  });
}
