import { CycleHistory, type CycleHistoryOptions } from "../../../domain/history/cycle_history.ts";
import type { SnapshotFigures } from "../../../domain/history/figures.ts";
import { assertSame } from "../../assert_same.ts";
import { brief, row, snapshot } from "./snapshots.ts";
import assert from "node:assert/strict";

function historyOf(snapshots: readonly SnapshotFigures[], options: Partial<CycleHistoryOptions> = {}): CycleHistory {
  const history = new CycleHistory({ timeZone: "UTC", ...options });
  for (const each of snapshots) history.add(each);
  return history;
}

Deno.test("a figure that falls is taken from the newest days, and no day goes below zero", () => {
  const history = historyOf([
    snapshot("2026-11-01T12:00Z", [row("opus", 5)], { checkedAt: "2026-11-02T00:00Z" }),
    snapshot("2026-11-02T12:00Z", [row("opus", 8)], { checkedAt: "2026-11-03T00:00Z" }),
    snapshot("2026-11-03T12:00Z", [row("opus", 6)], { checkedAt: "2026-11-04T00:00Z" }),
  ]);
  assertSame(brief(history.days()), ["2026-11-01 opus 5", "2026-11-02 opus 1"]);
});

Deno.test("a day emptied by a fall still shows the tokens that it had", () => {
  const history = historyOf([
    snapshot("2026-11-01T12:00Z", [row("opus", 5, { output: 100 })], { checkedAt: "2026-11-02T00:00Z" }),
    snapshot("2026-11-02T12:00Z", [row("opus", 5.5, { output: 130 })]),
    snapshot("2026-11-02T13:00Z", [row("opus", 5, { output: 130 })]),
  ]);
  assertSame(brief(history.days()), ["2026-11-01 opus 5", "2026-11-02 opus 0"]);
  assert.equal(history.days()[1]?.tokens.output, 30);
});

Deno.test("a cost that is not told is unknown, not zero", () => {
  const history = historyOf([snapshot("2026-11-01T12:00Z", [row("opus", null)])]);
  assertSame(brief(history.days()), ["2026-11-01 opus ?"]);
});

Deno.test("a cost column that empties leaves the known days and makes the later ones unknown", () => {
  const history = historyOf([
    snapshot("2026-11-01T12:00Z", [row("opus", 5)], { checkedAt: "2026-11-02T11:00Z" }),
    snapshot("2026-11-02T12:00Z", [row("opus", null)], { checkedAt: "2026-11-03T11:00Z" }),
    snapshot("2026-11-03T12:00Z", [row("opus", null, { output: 20 })], { checkedAt: "2026-11-04T11:00Z" }),
    snapshot("2026-11-04T12:00Z", [row("opus", null, { output: 20 }), row("haiku", 1)]),
  ]);
  assertSame(brief(history.days()), [
    "2026-11-01 opus 5",
    "2026-11-02 opus ?",
    "2026-11-03 opus ?",
    "2026-11-04 haiku 1",
  ]);
});

Deno.test("a cost column that comes back is no spend of that hour: it belongs to all the time it was empty", () => {
  // Last told at noon of November 1, told again 48 hours later: $4 more, $1 for each 12 hours.
  const history = historyOf([
    snapshot("2026-11-01T12:00Z", [row("opus", 5)]),
    snapshot("2026-11-01T13:00Z", [row("opus", null, { output: 15 })]),
    snapshot("2026-11-02T12:00Z", [row("opus", null, { output: 20 })]),
    snapshot("2026-11-03T12:00Z", [row("opus", 9, { output: 25 })]),
  ]);
  assertSame(brief(history.days()), ["2026-11-01 opus ~6", "2026-11-02 opus ~2", "2026-11-03 opus ~1"]);
});

Deno.test("a cost column that empties and comes back unchanged changes nothing", () => {
  const before = snapshot("2026-11-01T12:00Z", [row("opus", 5)]);
  const history = historyOf([
    before,
    snapshot("2026-11-02T12:00Z", [row("opus", null)]),
    snapshot("2026-11-03T12:00Z", [row("opus", 5)]),
  ]);
  assertSame(history.days(), historyOf([before]).days());
});

Deno.test("a model that vanishes takes its days along and brings them back, with what it grew by meanwhile", () => {
  const opus = row("opus", 5);
  const history = historyOf([
    snapshot("2026-11-01T12:00Z", [row("haiku", 2), opus]),
    snapshot("2026-11-01T13:00Z", [opus]),
  ]);
  assertSame(brief(history.days()), ["2026-11-01 opus 5"]);
  // Seen last at noon of November 1, again at noon of November 2: half of $1 on each day.
  history.add(snapshot("2026-11-02T12:00Z", [row("haiku", 3), opus]));
  assertSame(brief(history.days()), ["2026-11-01 haiku ~2.5", "2026-11-01 opus 5", "2026-11-02 haiku ~0.5"]);
});

Deno.test("a model that turns up under a new name keeps its days", () => {
  const history = historyOf([
    snapshot("2026-11-01T12:00Z", [row("default", 2)], { checkedAt: "2026-11-02T01:00Z" }),
    snapshot("2026-11-02T02:00Z", [row("auto", 2.5, { output: 12 })]),
  ]);
  assertSame(brief(history.days()), ["2026-11-01 auto 2", "2026-11-02 auto 0.5"]);
});

Deno.test("a new model with less than the vanished one is not the same model", () => {
  const history = historyOf([
    snapshot("2026-11-01T12:00Z", [row("default", 2, { output: 50 })], { checkedAt: "2026-11-02T01:00Z" }),
    snapshot("2026-11-02T02:00Z", [row("auto", 2.5, { output: 12 })]),
  ]);
  assertSame(brief(history.days()), ["2026-11-02 auto 2.5"]);
});

Deno.test("rows that share a model's name count together", () => {
  const history = historyOf([snapshot("2026-11-01T12:00Z", [row("opus", 1), row("opus", 2)])]);
  assertSame(brief(history.days()), ["2026-11-01 opus 3"]);
});

Deno.test("of two new models that could be the vanished one, none is", () => {
  const history = historyOf([
    snapshot("2026-11-01T12:00Z", [row("default", 2)], { checkedAt: "2026-11-02T01:00Z" }),
    snapshot("2026-11-02T02:00Z", [row("auto", 3), row("composer", 3)]),
  ]);
  assertSame(brief(history.days()), ["2026-11-02 auto 3", "2026-11-02 composer 3"]);
});

Deno.test("a vanished model without tokens says too little to be known under a new name", () => {
  const history = historyOf([
    snapshot("2026-11-01T12:00Z", [row("default", 2, { output: 0 })], { checkedAt: "2026-11-02T01:00Z" }),
    snapshot("2026-11-02T02:00Z", [row("auto", 3)]),
  ]);
  assertSame(brief(history.days()), ["2026-11-02 auto 3"]);
});

Deno.test("a day that was an estimate, was emptied and is filled again for sure is no estimate", () => {
  // The tokens do not move: only the cost is spread over 36 hours, $2 and $1. The fall empties the second day.
  const free = { output: 0 };
  const history = historyOf([
    snapshot("2026-11-02T12:00Z", [row("opus", 3, free)]),
    snapshot("2026-11-02T13:00Z", [row("opus", 2, free)]),
    snapshot("2026-11-02T14:00Z", [row("opus", 4, free)]),
  ]);
  assertSame(brief(history.days()), ["2026-11-01 opus ~2", "2026-11-02 opus 2"]);
});
