import { type BillingCycle, UNKNOWN_CYCLE } from "../../../domain/cycle.ts";
import { CycleHistory, type CycleHistoryOptions } from "../../../domain/history/cycle_history.ts";
import type { SnapshotFigures } from "../../../domain/history/figures.ts";
import { assertSame } from "../../assert_same.ts";
import { dates, moments, NOVEMBER, row, snapshot } from "./snapshots.ts";
import assert from "node:assert/strict";

function historyOf(snapshots: readonly SnapshotFigures[], options: Partial<CycleHistoryOptions> = {}): CycleHistory {
  const history = new CycleHistory({ timeZone: "UTC", ...options });
  for (const each of snapshots) history.add(each);
  return history;
}

Deno.test("includes() tells a snapshot of this cycle by its start date", () => {
  const history = historyOf([snapshot("2026-11-02T12:00Z", [row("opus", 1)])]);
  const next = dates("2026-12-01", "2027-01-01");
  assert.equal(history.includes(snapshot("2026-12-01T00:00Z", [])), true);
  assert.equal(history.includes(snapshot("2026-12-01T00:00Z", [], { cycle: next })), false);
});

Deno.test("includes() takes a snapshot without dates for this cycle until it is over or its tokens fall", () => {
  const history = historyOf([snapshot("2026-11-02T12:00Z", [row("opus", 1, { output: 10 })])]);
  const undated = (at: string, output: number) =>
    history.includes(snapshot(at, [row("opus", 1, { output })], { cycle: UNKNOWN_CYCLE }));
  assert.equal(undated("2026-11-03T12:00Z", 10), true);
  assert.equal(undated("2026-11-03T12:00Z", 9), false);
  assert.equal(undated("2026-12-01T00:00Z", 10), false);
});

Deno.test("a cycle learns its bounds from a later snapshot", () => {
  const history = historyOf([
    snapshot("2026-11-02T12:00Z", [row("opus", 1)], { cycle: UNKNOWN_CYCLE }),
    snapshot("2026-11-03T12:00Z", [row("opus", 1)]),
  ]);
  assertSame(history.cycle, NOVEMBER);
});

Deno.test("includes() takes starts a day apart for one cycle, unless the tokens fall", () => {
  const history = historyOf([snapshot("2026-11-02T12:00Z", [row("opus", 1, { output: 10 })])]);
  const shifted = (start: string, output: number) =>
    history.includes(
      snapshot("2026-11-03T12:00Z", [row("opus", 1, { output })], { cycle: dates(start, "2026-12-01") }),
    );
  assert.equal(shifted("2026-11-02", 10), true);
  assert.equal(shifted("2026-10-31", 10), true);
  assert.equal(shifted("2026-11-02", 9), false);
  assert.equal(shifted("2026-11-03", 10), false);
});

Deno.test("a cycle keeps its exact start when a later page tells only dates, and takes a new end", () => {
  const exact = moments("2026-11-01T10:30Z", "2026-12-01T10:30Z");
  const at = (cycle: BillingCycle) =>
    historyOf([
      snapshot("2026-11-02T12:00Z", [row("opus", 1)], { cycle: exact }),
      snapshot("2026-11-03T12:00Z", [row("opus", 1)], { cycle }),
    ]).cycle;
  assertSame(at(NOVEMBER), exact);
  assertSame(at(dates("2026-11-01", "2026-12-15")), {
    start: "2026-11-01",
    end: "2026-12-15",
    startAt: "2026-11-01T10:30:00Z",
    endAt: null,
  });
});
