import type { Pool } from "../../../domain/capture/usage.ts";
import { UNKNOWN_CYCLE } from "../../../domain/cycle.ts";
import { type Micros, micros } from "../../../domain/money.ts";
import { band, project, projectionStatus } from "../../../domain/projection/projection.ts";
import { budgetRunOut, percentUsed, poolRunOut } from "../../../domain/projection/run_out.ts";
import { assertSame } from "../../assert_same.ts";
import { date, dollars, instant, NOVEMBER } from "../history/snapshots.ts";
import { spending, spends } from "./spendings.ts";
import assert from "node:assert/strict";

function status(projected: Micros | null, budget: Micros | null, spend: Micros | null = micros(0)): string {
  return projectionStatus({ spend, projected, budget });
}

function pool(figures: Partial<Pool>): Pool {
  return { name: "Cursor Models", percentUsed: null, used: null, limit: null, ...figures };
}

Deno.test("status: the limits at 95 % and 100 % of the budget are exact to the micro-dollar", () => {
  const twenty = dollars(20);
  assert.equal(status(dollars(19), twenty), "on_track");
  assert.equal(status(micros(19_000_001), twenty), "at_risk");
  assert.equal(status(dollars(20), twenty), "at_risk");
  assert.equal(status(micros(20_000_001), twenty), "over");
});

Deno.test("status: 95 % of a budget that is no multiple of twenty is not rounded", () => {
  // 95 % of 10 micro-dollars is 9.5; in floats 0.95 × 1,050,000 is 997,500 only by luck.
  assert.equal(status(micros(9), micros(10)), "on_track");
  assert.equal(status(micros(10), micros(10)), "at_risk");
  assert.equal(status(micros(997_500), micros(1_050_000)), "on_track");
  assert.equal(status(micros(997_501), micros(1_050_000)), "at_risk");
});

Deno.test("status: a budget of nothing is kept by spending nothing", () => {
  assert.equal(status(micros(0), micros(0)), "on_track");
  assert.equal(status(micros(1), micros(0)), "over");
});

Deno.test("status: without a budget, a cost or a projection it says which", () => {
  assert.equal(status(dollars(5), null), "no_budget");
  assert.equal(status(null, dollars(20), null), "unknown");
  assert.equal(status(null, null, null), "unknown");
  assert.equal(status(null, dollars(20), dollars(19)), "unknown");
  assert.equal(status(null, dollars(20), dollars(21)), "over");
});

Deno.test("band: projected ± 1.2816 × s × √(remaining days)", () => {
  // Days 1, 1, 1, 3, 4: mean 2, squares 1 + 1 + 1 + 1 + 4 = 8, s = √(8 / 4) = 1.41421. 25 days remain, root 5.
  // 1.2816 × 1.41421 × 5 = 9.0623.
  const now = spending("2026-11-06T00:00Z", { days: spends("2026-11-01", [1, 1, 1, 3, 4]) });
  const range = band(now, { projected: dollars(60) });
  assert.equal(Math.round((range?.low ?? 0) / 100), 509_377);
  assert.equal(Math.round((range?.high ?? 0) / 100), 690_623);
});

Deno.test("band: it is never below what is spent, and closes at the cycle's end", () => {
  const days = spends("2026-11-01", [0, 0, 0, 0, 10]);
  const low = band(spending("2026-11-06T00:00Z", { days }), { projected: dollars(12) })?.low;
  assert.equal(low, dollars(10));
  const end = spending("2026-12-01T00:00Z", { days });
  assertSame(band(end, { projected: dollars(10) }), { low: dollars(10), high: dollars(10) });
});

Deno.test("band: days of earlier cycles count, up to 28 in all; fewer than five are too few", () => {
  const now = spending("2026-11-04T00:00Z", { days: spends("2026-11-01", [2, 2, 2]) });
  assert.equal(band(now, { projected: dollars(20) }), null);
  assert.equal(band(now, { projected: dollars(20), earlierDays: [null, dollars(2)] }), null);
  const even = [dollars(900), ...Array.from({ length: 25 }, () => dollars(2))];
  assertSame(band(now, { projected: dollars(20), earlierDays: even }), { low: dollars(20), high: dollars(20) });
});

Deno.test("run-out: $8 left at $2 a day are gone in four days", () => {
  const now = { cycle: NOVEMBER, asOf: instant("2026-11-11T06:00Z") };
  const at = budgetRunOut(now, { spend: dollars(12), budget: dollars(20), perDay: dollars(2) });
  assertSame(at, { kind: "at", at: instant("2026-11-15T06:00Z") });
});

Deno.test("run-out: a moment between two milliseconds is the later one", () => {
  // A seventh of a day: 86,400,000 ms / 7 = 12,342,857.14 ms = 3 h 25 min 42.858 s.
  const now = { cycle: NOVEMBER, asOf: instant("2026-11-11T00:00Z") };
  const at = budgetRunOut(now, { spend: micros(0), budget: dollars(1), perDay: dollars(7) });
  assertSame(at, { kind: "at", at: instant("2026-11-11T03:25:42.858Z") });
});

Deno.test("run-out: a budget lasts when its end would come at the cycle's end or later, or when nothing is spent", () => {
  const now = { cycle: NOVEMBER, asOf: instant("2026-11-11T00:00Z") };
  const left = (perDay: Micros | null) => budgetRunOut(now, { spend: micros(0), budget: dollars(20), perDay }).kind;
  assert.equal(left(dollars(1)), "lasts");
  assert.equal(left(micros(1_000_001)), "at");
  assert.equal(left(micros(0)), "lasts");
  assert.equal(left(null), "unknown");
});

Deno.test("run-out: a budget is gone when all of it is spent, and unknown where there is none", () => {
  const now = { cycle: NOVEMBER, asOf: instant("2026-11-11T00:00Z") };
  const perDay = dollars(2);
  assert.equal(budgetRunOut(now, { spend: dollars(20), budget: dollars(20), perDay }).kind, "gone");
  assert.equal(budgetRunOut(now, { spend: dollars(20), budget: null, perDay }).kind, "unknown");
  assert.equal(budgetRunOut(now, { spend: null, budget: dollars(20), perDay }).kind, "unknown");
});

Deno.test("run-out: a pool at 40 % after ten days is used up after 25", () => {
  const now = { cycle: NOVEMBER, asOf: instant("2026-11-11T00:00Z") };
  assertSame(poolRunOut(now, pool({ percentUsed: 40 })), { kind: "at", at: instant("2026-11-26T00:00Z") });
  assertSame(poolRunOut(now, pool({ percentUsed: 30 })), { kind: "lasts" });
  assertSame(poolRunOut(now, pool({ percentUsed: 100 })), { kind: "gone" });
  assertSame(poolRunOut(now, pool({ percentUsed: 0 })), { kind: "lasts" });
  assertSame(poolRunOut(now, pool({})), { kind: "unknown" });
});

Deno.test("run-out: a pool without a percentage is read from its amounts", () => {
  assert.equal(percentUsed(pool({ used: dollars(8), limit: dollars(20) })), 40);
  assert.equal(percentUsed(pool({ used: dollars(8), limit: dollars(0) })), null);
  assert.equal(percentUsed(pool({ percentUsed: 120, used: dollars(20), limit: dollars(20) })), 120);
});

Deno.test("run-out: without a cycle's end it is still told, unless it is more than a year away", () => {
  const now = { cycle: { ...UNKNOWN_CYCLE, start: date("2026-11-01") }, asOf: instant("2026-11-11T00:00Z") };
  assertSame(poolRunOut(now, pool({ percentUsed: 20 })), { kind: "at", at: instant("2026-12-21T00:00Z") });
  assertSame(poolRunOut(now, pool({ percentUsed: 1 })), { kind: "lasts" });
  assertSame(poolRunOut({ ...now, cycle: UNKNOWN_CYCLE }, pool({ percentUsed: 20 })), { kind: "unknown" });
});

Deno.test("project() gives both methods, and all the rest by the chosen one", () => {
  // Days $4, $0, $6, alpha 1/2: ewma $4 a day, $118. Linear: $10 / 3 days × 30 = $100.
  const now = spending("2026-11-04T00:00Z", { days: spends("2026-11-01", [4, 0, 6]) });
  const options = { halfLifeDays: 1, budget: dollars(110) };
  const byLinear = project(now, { ...options, method: "linear" });
  const byEwma = project(now, { ...options, method: "ewma" });
  assertSame([byLinear.linear, byLinear.ewma], [dollars(100), dollars(118)]);
  assertSame([byEwma.linear, byEwma.ewma], [dollars(100), dollars(118)]);
  assertSame([byLinear.projected, byLinear.status], [dollars(100), "on_track"]);
  assertSame([byEwma.projected, byEwma.status], [dollars(118), "over"]);
  assertSame([byLinear.low, byLinear.high], [null, null]);
  assert.equal(byLinear.budgetRunOut.kind, "lasts");
  // $100 left at $4 a day: 25 days.
  assertSame(byEwma.budgetRunOut, { kind: "at", at: instant("2026-11-29T00:00Z") });
});

Deno.test("project() of an unknown cost knows nothing, and says so", () => {
  const now = spending("2026-11-04T00:00Z", { spend: null, days: spends("2026-11-01", [null]) });
  assertSame(project(now, { method: "linear", halfLifeDays: 7, budget: dollars(20) }), {
    method: "linear",
    projected: null,
    linear: null,
    ewma: null,
    low: null,
    high: null,
    perDay: null,
    status: "unknown",
    budgetRunOut: { kind: "unknown" },
  });
});
