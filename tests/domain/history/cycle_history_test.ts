import { UNKNOWN_CYCLE } from "../../../domain/cycle.ts";
import { CycleHistory, type CycleHistoryOptions } from "../../../domain/history/cycle_history.ts";
import type { SnapshotFigures } from "../../../domain/history/figures.ts";
import { ZERO } from "../../../domain/money.ts";
import { assertSame } from "../../assert_same.ts";
import { brief, date, dates, dollars, instant, moments, row, snapshot } from "./snapshots.ts";
import assert from "node:assert/strict";

function historyOf(snapshots: readonly SnapshotFigures[], options: Partial<CycleHistoryOptions> = {}): CycleHistory {
  const history = new CycleHistory({ timeZone: "UTC", ...options });
  for (const each of snapshots) history.add(each);
  return history;
}

Deno.test("a delta belongs to the day that it was seen in", () => {
  const history = historyOf([
    snapshot("2026-11-01T10:00Z", [row("opus", 1)]),
    snapshot("2026-11-01T15:00Z", [row("opus", 1.5)], { checkedAt: "2026-11-02T08:00Z" }),
    snapshot("2026-11-02T09:00Z", [row("opus", 4), row("haiku", 0.25)]),
  ]);
  assertSame(brief(history.days()), [
    "2026-11-01 opus 1.5",
    "2026-11-02 haiku 0.25",
    "2026-11-02 opus 2.5",
  ]);
});

Deno.test("each kind of token and each cost has its own days", () => {
  const first = { inputWithCacheWrite: 1, inputWithoutCacheWrite: 2, cacheRead: 3, output: 4, total: 10 };
  const second = { inputWithCacheWrite: 1, inputWithoutCacheWrite: 5, cacheRead: 9, output: 4, total: 20 };
  const history = historyOf([
    snapshot("2026-11-01T10:00Z", [{ ...row("opus", 2), tokens: first }], { checkedAt: "2026-11-02T00:00Z" }),
    snapshot("2026-11-02T01:00Z", [{ ...row("opus", 5, { costToYou: 0.5 }), tokens: second }]),
  ]);
  assertSame(history.days().map(({ date, model, ...figures }) => ({ ...figures, day: `${date} ${model}` })), [
    { day: "2026-11-01 opus", tokens: first, apiCost: dollars(2), costToYou: ZERO, estimated: false },
    {
      day: "2026-11-02 opus",
      tokens: { inputWithCacheWrite: 0, inputWithoutCacheWrite: 3, cacheRead: 6, output: 0, total: 10 },
      apiCost: dollars(3),
      costToYou: dollars(0.5),
      estimated: false,
    },
  ]);
});

Deno.test("a gap over several days is spread evenly over its time and marked estimated", () => {
  // 48 hours off: 12 in November 2, 24 in November 3, 12 in November 4. $8 / 48 h = $1 per 6 h.
  const history = historyOf([
    snapshot("2026-11-01T10:00Z", [row("opus", 1)], { checkedAt: "2026-11-02T12:00Z" }),
    snapshot("2026-11-04T12:00Z", [row("opus", 9)]),
  ]);
  assertSame(brief(history.days()), [
    "2026-11-01 opus 1",
    "2026-11-02 opus ~2",
    "2026-11-03 opus ~4",
    "2026-11-04 opus ~2",
  ]);
});

Deno.test("an hourly gap over midnight is split by its minutes, and is no estimate", () => {
  // 23:40 to 00:40: 20 minutes before midnight, 40 after.
  const history = historyOf([
    snapshot("2026-11-01T23:40Z", [row("opus", 1)]),
    snapshot("2026-11-02T00:40Z", [row("opus", 1.3)]),
  ]);
  assertSame(brief(history.days()), ["2026-11-01 opus 1.1", "2026-11-02 opus 0.2"]);
});

Deno.test("a snapshot at midnight tells of the day that ends", () => {
  const history = historyOf([
    snapshot("2026-11-01T23:00Z", [row("opus", 1)]),
    snapshot("2026-11-02T00:00Z", [row("opus", 3)]),
  ]);
  assertSame(brief(history.days()), ["2026-11-01 opus 3"]);
});

Deno.test("a gap over midnight is sure up to three hours, and an estimate beyond", () => {
  const until = (at: string) =>
    brief(historyOf([snapshot("2026-11-01T22:30Z", []), snapshot(at, [row("opus", 6)])]).days());
  assertSame(until("2026-11-02T01:30Z"), ["2026-11-01 opus 3", "2026-11-02 opus 3"]);
  assertSame(until("2026-11-02T01:30:01Z").every((day) => day.includes("~")), true);
});

Deno.test("a long gap within one day is no estimate", () => {
  const history = historyOf([
    snapshot("2026-11-01T01:00Z", [row("opus", 1)]),
    snapshot("2026-11-01T23:00Z", [row("opus", 2)]),
  ]);
  assertSame(brief(history.days()), ["2026-11-01 opus 2"]);
});

Deno.test("the first snapshot of a cycle tells of all the time since the cycle's start", () => {
  // Installed on November 4 at noon, 84 hours into the cycle: $7 / 84 h = $2 per 24 h.
  const history = historyOf([snapshot("2026-11-04T12:00Z", [row("opus", 7)])]);
  assertSame(brief(history.days()), [
    "2026-11-01 opus ~2",
    "2026-11-02 opus ~2",
    "2026-11-03 opus ~2",
    "2026-11-04 opus ~1",
  ]);
});

Deno.test("a cycle that starts at an hour of the day counts from that hour", () => {
  // 18:00 on the 10th to 06:00 on the 11th: six hours on each day.
  const cycle = moments("2026-11-10T18:00Z", "2026-12-10T18:00Z");
  const history = historyOf([snapshot("2026-11-11T06:00Z", [row("opus", 5)], { cycle })]);
  assertSame(brief(history.days()), ["2026-11-10 opus ~2.5", "2026-11-11 opus ~2.5"]);
});

Deno.test("what a snapshot adds after the cycle's end came before the end", () => {
  const history = historyOf([
    snapshot("2026-11-30T20:00Z", [row("opus", 30)], { checkedAt: "2026-11-30T23:00Z" }),
    snapshot("2026-12-01T02:00Z", [row("opus", 31)], { checkedAt: "2026-12-01T03:00Z" }),
  ]);
  assertSame(history.add(snapshot("2026-12-01T04:00Z", [row("opus", 33)])), ["2026-11-30"]);
  assertSame(history.days().at(-1)?.date, date("2026-11-30"));
});

Deno.test("a cycle without a start begins after the last check before it, or else with its first snapshot", () => {
  const snapshots = [snapshot("2026-11-04T12:00Z", [row("opus", 7)], { cycle: UNKNOWN_CYCLE })];
  assertSame(brief(historyOf(snapshots).days()), ["2026-11-04 opus 7"]);
  const previousCheckAt = instant("2026-11-03T12:00Z");
  assertSame(brief(historyOf(snapshots, { previousCheckAt }).days()), [
    "2026-11-03 opus ~3.5",
    "2026-11-04 opus ~3.5",
  ]);
});

Deno.test("an amount that cannot be halved gives its odd micro-dollar to one day", () => {
  const history = historyOf([
    snapshot("2026-11-01T23:00Z", []),
    snapshot("2026-11-02T01:00Z", [row("opus", 0.000003)]),
  ]);
  assertSame(history.days().map(({ apiCost }) => apiCost), [2, 1]);
});

Deno.test("add() answers the dates that a snapshot changed", () => {
  const history = new CycleHistory({ timeZone: "UTC" });
  assertSame(history.add(snapshot("2026-11-01T12:00Z", [row("opus", 5)])), ["2026-11-01"]);
  assertSame(history.add(snapshot("2026-11-02T00:30Z", [row("opus", 9)])), ["2026-11-01", "2026-11-02"]);
  assertSame(history.add(snapshot("2026-11-02T12:00Z", [row("opus", 9)])), []);
  assertSame(history.add(snapshot("2026-11-03T12:00Z", [row("opus", 1)])), ["2026-11-01", "2026-11-02"]);
});

Deno.test("add() refuses a snapshot that is older than the one before it", () => {
  const history = historyOf([snapshot("2026-11-02T12:00Z", [])]);
  assert.throws(() => history.add(snapshot("2026-11-02T11:00Z", [])), RangeError);
});

Deno.test("the day on which clocks go forward has 23 hours", () => {
  // Berlin, 29 March 2026: local noon of the 28th to local noon of the 30th is 47 hours: 12 + 23 + 12.
  const cycle = dates("2026-03-01", "2026-04-01");
  const history = historyOf([
    snapshot("2026-03-28T11:00Z", [], { cycle }),
    snapshot("2026-03-30T10:00Z", [row("opus", 4.7)], { cycle }),
  ], { timeZone: "Europe/Berlin" });
  assertSame(brief(history.days()), ["2026-03-28 opus ~1.2", "2026-03-29 opus ~2.3", "2026-03-30 opus ~1.2"]);
});

Deno.test("the day on which clocks go back has 25 hours", () => {
  // New York, 1 November 2026: local noon of October 31 to local noon of November 2 is 49 hours: 12 + 25 + 12.
  const cycle = dates("2026-10-15", "2026-11-15");
  const history = historyOf([
    snapshot("2026-10-31T16:00Z", [], { cycle }),
    snapshot("2026-11-02T17:00Z", [row("opus", 4.9)], { cycle }),
  ], { timeZone: "America/New_York" });
  assertSame(brief(history.days()), ["2026-10-31 opus ~1.2", "2026-11-01 opus ~2.5", "2026-11-02 opus ~1.2"]);
});

Deno.test("a February of 28 days is spread over 28 days", () => {
  const cycle = dates("2026-02-01", "2026-03-01");
  const days = historyOf([snapshot("2026-03-01T00:00Z", [row("opus", 28)], { cycle })]).days();
  assert.equal(days.length, 28);
  assertSame([...new Set(days.map(({ apiCost }) => apiCost))], [dollars(1)]);
  assertSame(days.at(-1)?.date, date("2026-02-28"));
});
