import { daysOfEvents, fillDays, totalDays } from "../../../domain/history/days.ts";
import { costOf, type Figures, NO_FIGURES } from "../../../domain/history/figures.ts";
import type { ModelDay } from "../../../domain/history/model_history.ts";
import { assertSame } from "../../assert_same.ts";
import { brief, date, dollars, instant, row } from "./snapshots.ts";
import assert from "node:assert/strict";

function figures(apiCost: number | null, output: number): Figures {
  return { tokens: row("any", 0, { output }).tokens, apiCost: dollars(apiCost), costToYou: dollars(0) };
}

function modelDay(day: string, apiCost: number | null, { estimated = false, output = 10 } = {}): ModelDay {
  return { date: date(day), model: "opus", ...figures(apiCost, output), estimated };
}

Deno.test("totalDays() sums the models of a day, and the two cycles that share one", () => {
  const days = totalDays([
    modelDay("2026-11-02", 1.5, { output: 30 }),
    modelDay("2026-11-01", 1),
    modelDay("2026-11-02", 2, { estimated: true, output: 12 }),
  ]);
  assertSame(days, [
    { date: date("2026-11-01"), ...figures(1, 10), estimated: false },
    { date: date("2026-11-02"), ...figures(3.5, 42), estimated: true },
  ]);
});

Deno.test("totalDays() does not know the spend of a day with a model of unknown cost", () => {
  const [day] = totalDays([modelDay("2026-11-02", 1.5), modelDay("2026-11-02", null)]);
  assert.equal(day?.apiCost, null);
  assert.equal(day?.tokens.total, 20);
});

Deno.test("fillDays() gives every date of the range, those without usage as zero", () => {
  const days = totalDays([modelDay("2026-02-27", 1), modelDay("2026-03-01", 3)]);
  const filled = fillDays(days, { from: date("2026-02-27"), to: date("2026-03-02") });
  assertSame(filled.map(({ date, apiCost }) => `${date} ${apiCost}`), [
    "2026-02-27 1000000",
    "2026-02-28 0",
    "2026-03-01 3000000",
    "2026-03-02 0",
  ]);
  assertSame(filled[1], { date: date("2026-02-28"), ...NO_FIGURES, estimated: false });
});

Deno.test("daysOfEvents() sums events by local day and model", () => {
  const event = (at: string, model: string, cost: number) => ({ at: instant(at), model, ...figures(cost, 5) });
  const days = daysOfEvents([
    event("2026-11-02T04:59Z", "opus", 1),
    event("2026-11-02T05:00Z", "opus", 2),
    event("2026-11-02T06:00Z", "opus", 0.5),
    event("2026-11-02T06:00Z", "claude 4 sonnet", 4),
  ], "America/New_York");
  assertSame(brief(days), ["2026-11-01 opus 1", "2026-11-02 claude 4 sonnet 4", "2026-11-02 opus 2.5"]);
});

Deno.test("costOf() takes the cost that the metric names", () => {
  const costs = { apiCost: dollars(3), costToYou: null };
  assert.equal(costOf(costs, "api_cost"), 3_000_000);
  assert.equal(costOf(costs, "cost_to_you"), null);
});
