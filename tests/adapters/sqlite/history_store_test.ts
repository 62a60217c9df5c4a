import { dataVersion } from "../../../adapters/sqlite/open.ts";
import { transaction } from "../../../adapters/sqlite/transaction.ts";
import type { SnapshotFigures } from "../../../domain/history/figures.ts";
import type { ModelDay } from "../../../domain/history/model_history.ts";
import type { Stores } from "../../../domain/stores.ts";
import { assertSame } from "../../assert_same.ts";
import { historyOf } from "../../domain/history/history_of.ts";
import { brief, date, dates, instant, NOVEMBER, row, snapshot } from "../../domain/history/snapshots.ts";
import { fileDatabase, store, testDatabase } from "./test_database.ts";
import fc from "fast-check";
import assert from "node:assert/strict";

const OCTOBER = dates("2026-10-01", "2026-11-01");

const daysOf = ({ history }: Stores) => brief(history.days({}));

Deno.test("days grow with each snapshot", () => {
  using database = testDatabase();
  store(database.stores, snapshot("2026-11-02T10:00:00Z", [row("opus", 1)], { checkedAt: "2026-11-03T09:00:00Z" }));
  store(database.stores, snapshot("2026-11-03T10:00:00Z", [row("opus", 1.5), row("auto", 2)]));
  // The first dollar came since 1 November, 34 hours ago: 24/34 of it on the first day.
  assert.deepEqual(daysOf(database.stores), [
    "2026-11-01 opus ~0.705882",
    "2026-11-02 opus ~0.294118",
    "2026-11-03 auto 2",
    "2026-11-03 opus 0.5",
  ]);
});

Deno.test("a restatement takes from days that were stored before", () => {
  using database = testDatabase();
  store(database.stores, snapshot("2026-11-01T10:00:00Z", [row("opus", 3)], { checkedAt: "2026-11-02T01:00:00Z" }));
  store(database.stores, snapshot("2026-11-02T02:00:00Z", [row("opus", 4)]));
  store(database.stores, snapshot("2026-11-02T03:00:00Z", [row("opus", 2)]));
  assert.deepEqual(daysOf(database.stores), ["2026-11-01 opus 2"]);
});

Deno.test("days are read by cycle and by date, both ends included", () => {
  using database = testDatabase();
  const { history } = database.stores;
  store(database.stores, snapshot("2026-10-01T05:00:00Z", [row("opus", 7)], { cycle: OCTOBER }));
  for (const day of ["01", "02", "03"]) {
    store(
      database.stores,
      snapshot(`2026-11-${day}T00:30:00Z`, [row("opus", Number(day))], { checkedAt: `2026-11-${day}T23:59:59Z` }),
    );
  }
  assert.deepEqual(history.cycles().map(({ key }) => key.toString()), ["2026-11-01", "2026-10-01"]);
  assert.equal(history.current()?.key.toString(), "2026-11-01");
  assert.deepEqual(brief(history.days({ cycleId: history.find(date("2026-10-01"))?.id ?? 0 })), ["2026-10-01 opus 7"]);
  const between = history.days({ from: date("2026-10-01"), to: date("2026-11-02") });
  assert.deepEqual(between.map(({ date }) => date.toString()), ["2026-10-01", "2026-11-01", "2026-11-02"]);
  assert.equal(history.find(date("2026-11-02")), null);
});

Deno.test("a cycle that never told its start goes by the day of its first snapshot", () => {
  using database = testDatabase();
  const cycle = { start: null, end: null, startAt: null, endAt: null };
  store(database.stores, snapshot("2026-11-05T10:00:00Z", [row("opus", 1)], { cycle }));
  assert.equal(database.stores.history.current()?.key.toString(), "2026-11-05");
});

Deno.test("a snapshot older than the newest one is put in its place", () => {
  using database = testDatabase();
  const early = snapshot("2026-11-01T10:00:00Z", [row("opus", 1)], { checkedAt: "2026-11-02T00:00:00Z" });
  const late = snapshot("2026-11-02T10:00:00Z", [row("opus", 4)]);
  store(database.stores, late);
  store(database.stores, { ...early, lastCheckedAt: early.capturedAt });
  assert.deepEqual(daysOf(database.stores), ["2026-11-01 opus ~2.75", "2026-11-02 opus ~1.25"]);
});

Deno.test("what an undone transaction recorded leaves no trace", () => {
  using database = testDatabase();
  const { db, stores } = database;
  store(stores, snapshot("2026-11-01T10:00:00Z", [row("opus", 1)]));
  const undone = () =>
    transaction(db, () => {
      store(stores, snapshot("2026-11-01T11:00:00Z", [row("opus", 9)]));
      throw new Error("undone");
    });
  assert.throws(undone, /undone/);
  store(stores, snapshot("2026-11-01T12:00:00Z", [row("opus", 3)]));
  assert.deepEqual(daysOf(stores), ["2026-11-01 opus 3"]);
});

Deno.test("a new cycle in an undone transaction is begun again", () => {
  using database = testDatabase();
  const { db, stores } = database;
  store(stores, snapshot("2026-10-31T10:00:00Z", [row("opus", 1)], { cycle: OCTOBER }));
  assert.throws(() =>
    transaction(db, () => {
      store(stores, snapshot("2026-11-01T11:00:00Z", [row("opus", 9)]));
      throw new Error("undone");
    })
  );
  store(stores, snapshot("2026-11-01T12:00:00Z", [row("opus", 3)]));
  assert.equal(stores.history.cycles().length, 2);
  assert.deepEqual(brief(stores.history.days({ from: date("2026-11-01") })), ["2026-11-01 opus 3"]);
});

Deno.test("two processes take turns at the same cycle", () => {
  using database = fileDatabase();
  const other = database.connect().stores;
  store(database.stores, snapshot("2026-11-01T10:00:00Z", [row("opus", 1)]));
  store(other, snapshot("2026-11-01T11:00:00Z", [row("opus", 2)], { checkedAt: "2026-11-02T00:00:00Z" }));
  store(database.stores, snapshot("2026-11-02T01:00:00Z", [row("opus", 5)]));
  store(other, snapshot("2026-11-02T02:00:00Z", [row("opus", 5.5)]));
  assert.deepEqual(daysOf(database.stores), ["2026-11-01 opus 2", "2026-11-02 opus 3.5"]);
});

Deno.test("another time zone rebuilds the days once", () => {
  using database = fileDatabase();
  store(database.stores, snapshot("2026-11-01T10:00:00Z", [row("opus", 1)], { checkedAt: "2026-11-01T22:00:00Z" }));
  store(database.stores, snapshot("2026-11-01T23:30:00Z", [row("opus", 2)]));
  assert.deepEqual(daysOf(database.stores), ["2026-11-01 opus 2"]);
  const berlin = database.connect("Europe/Berlin").stores;
  // 22:00–23:30 UTC is 23:00–00:30 in Berlin: two thirds of the second dollar came before midnight.
  assert.deepEqual(daysOf(berlin), ["2026-11-01 opus 1.666667", "2026-11-02 opus 0.333333"]);
  assert.equal(berlin.history.refresh(), false);
});

Deno.test("the version moves with writes of this process and of others, asked for every 20 ms", () => {
  using database = fileDatabase();
  const other = database.connect().stores;
  let elapsedMs = 0;
  const version = dataVersion(database.db, () => elapsedMs);
  const first = version();
  assert.equal(version(), first);
  store(database.stores, snapshot("2026-11-01T10:00:00Z", [row("opus", 1)]));
  elapsedMs = 19;
  assert.equal(version(), first);
  elapsedMs = 20;
  const second = version();
  assert.notEqual(second, first);
  database.stores.history.days({});
  elapsedMs = 40;
  assert.equal(version(), second);
  store(other, snapshot("2026-11-01T11:00:00Z", [row("opus", 2)]));
  elapsedMs = 60;
  assert.notEqual(version(), second);
});

Deno.test("stored days are those of the history, however snapshots come and whoever stores them", () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 40 }), (steps) => {
      using database = fileDatabase({ timeZone: "Europe/Berlin" });
      const other = database.connect().stores;
      const snapshots = snapshotsOf(steps);
      steps.forEach(({ byOther }, index) => {
        const figures = snapshots[index];
        if (figures !== undefined) store(byOther ? other : database.stores, figures);
      });
      const expected = [...historyOf(snapshots, { timeZone: "Europe/Berlin" })].flatMap(({ days }) => days);
      assertSame(inOrder(database.stores.history.days({})), inOrder(expected));
      database.stores.history.rebuild();
      assertSame(inOrder(database.stores.history.days({})), inOrder(expected));
    }),
    { numRuns: 40 },
  );
});

const step = fc.record({
  minutes: fc.integer({ min: 1, max: 6_000 }),
  checkedMinutes: fc.integer({ min: 0, max: 600 }),
  costs: fc.array(fc.option(fc.integer({ min: 0, max: 20 }), { nil: null }), { minLength: 3, maxLength: 3 }),
  byOther: fc.boolean(),
});

function snapshotsOf(steps: readonly { minutes: number; checkedMinutes: number; costs: (number | null)[] }[]) {
  let at = instant("2026-10-20T00:00:00Z");
  return steps.map(({ minutes, checkedMinutes, costs }): SnapshotFigures => {
    const capturedAt = at.add({ minutes });
    const lastCheckedAt = capturedAt.add({ minutes: checkedMinutes });
    at = lastCheckedAt;
    const cycle = Temporal.Instant.compare(capturedAt, instant("2026-11-01T00:00:00Z")) < 0 ? OCTOBER : NOVEMBER;
    const rows = costs.flatMap((cost, index) => cost === 0 ? [] : [row(`model ${index}`, cost, { output: cost ?? 1 })]);
    return { capturedAt, lastCheckedAt, cycle, rows };
  });
}

function inOrder(days: readonly ModelDay[]): ModelDay[] {
  const keyOf = ({ date, model, apiCost }: ModelDay) => `${date} ${model} ${apiCost}`;
  return days.toSorted((a, b) => keyOf(a) < keyOf(b) ? -1 : 1);
}
