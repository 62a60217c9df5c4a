import { UNKNOWN_CYCLE } from "../../../domain/cycle.ts";
import type { OwnEventSource } from "../../../domain/history/own_events.ts";
import { ZERO } from "../../../domain/money.ts";
import { assertSame } from "../../assert_same.ts";
import { historyOf } from "./history_of.ts";
import { brief, dates, dollars, eventSource, instant, NOVEMBER, row, snapshot } from "./snapshots.ts";
import assert from "node:assert/strict";

const OCTOBER = dates("2026-10-01", "2026-11-01");

Deno.test("a new cycle starts from zero, though its figures are higher than the old one's", () => {
  const cycles = [...historyOf([
    snapshot("2026-10-31T23:00Z", [row("opus", 31)], { cycle: OCTOBER }),
    snapshot("2026-11-01T06:00Z", [row("opus", 40)], { cycle: NOVEMBER }),
  ], { timeZone: "UTC" })];
  assertSame(cycles.map(({ cycle }) => cycle), [OCTOBER, NOVEMBER]);
  // 743 of the 744 hours of October were over when its only snapshot was taken.
  assert.equal(cycles[0]?.days.reduce((sum, { apiCost }) => sum + (apiCost ?? 0), 0), dollars(31));
  assertSame(brief(cycles[1]?.days ?? []), ["2026-11-01 opus 40"]);
});

Deno.test("the page may show the old cycle once more after the new one began", () => {
  const cycles = [...historyOf([
    snapshot("2026-10-31T12:00Z", [row("opus", 30)], { cycle: OCTOBER, checkedAt: "2026-10-31T23:00Z" }),
    snapshot("2026-11-01T01:00Z", [row("opus", 1)]),
    snapshot("2026-11-01T02:00Z", [row("opus", 33)], { cycle: OCTOBER }),
    snapshot("2026-11-01T03:00Z", [row("opus", 3)]),
  ], { timeZone: "UTC" })];
  assertSame(cycles.map(({ last }) => last.rows[0]?.apiCost), [dollars(33), dollars(3)]);
  assertSame(brief(cycles[1]?.days ?? []), ["2026-11-01 opus 3"]);
});

Deno.test("without dates a fall of the tokens begins a new cycle", () => {
  const undated = { cycle: UNKNOWN_CYCLE };
  const cycles = [...historyOf([
    snapshot("2026-11-01T10:00Z", [row("opus", 3, { output: 90 })], undated),
    snapshot("2026-11-01T11:00Z", [row("opus", 4, { output: 99 })], undated),
    snapshot("2026-11-01T12:00Z", [row("opus", 1, { output: 10 })], undated),
  ], { timeZone: "UTC" })];
  assertSame(cycles.map(({ days }) => brief(days)), [["2026-11-01 opus 4"], ["2026-11-01 opus 1"]]);
});

Deno.test("events are asked for once, gap by gap, and no more than two cycles are held", () => {
  const asked: string[] = [];
  const given: string[] = [];
  const months = Array.from({ length: 6 }, (_, index) => Temporal.PlainDate.from("2026-01-01").add({ months: index }));
  const snapshots = months.flatMap((start) => {
    const cycle = dates(start.toString(), start.add({ months: 1 }).toString());
    return [1, 2].map((day) => snapshot(`${start.add({ days: day })}T00:00Z`, [row("opus", day)], { cycle }));
  });
  const source = eventSource(months.map((start) => ({
    at: instant(`${start}T12:00Z`),
    model: "opus",
    tokens: row("opus", 0).tokens,
    apiCost: dollars(1),
    costToYou: ZERO,
  })));
  const eventsOf: OwnEventSource = (range) => {
    asked.push(`${range.from} ${range.to}`);
    return source(range);
  };
  for (const { cycle, days } of historyOf(snapshots, { timeZone: "UTC", eventsOf })) {
    given.push(String(cycle.start));
    assert.ok(asked.length / 2 - given.length <= 2);
    assertSame(days.map(({ apiCost, estimated }) => [apiCost, estimated]), [
      [dollars(1), false],
      [dollars(1), false],
    ]);
  }
  assertSame(given, months.map(String));
  // A gap's end belongs to it: the next question begins a millisecond later.
  assertSame(
    asked,
    months.flatMap((start) => {
      const [second, third] = [start.add({ days: 1 }), start.add({ days: 2 })];
      return [
        `${start}T00:00:00Z ${second}T00:00:00.001Z`,
        `${second}T00:00:00.001Z ${third}T00:00:00.001Z`,
      ];
    }),
  );
});
