import type { Day } from "../../../domain/history/days.ts";
import { NO_TOKENS } from "../../../domain/history/figures.ts";
import type { ModelDay } from "../../../domain/history/model_history.ts";
import { daySpans, type SpanSize } from "../../../domain/report/spans.ts";
import { date, dollars } from "../history/snapshots.ts";
import assert from "node:assert/strict";

function modelDay(day: string, model: string, cost: number | null, { estimated = false } = {}): ModelDay {
  const tokens = { ...NO_TOKENS, output: 10, total: 10 };
  return { date: date(day), model, tokens, apiCost: dollars(cost), costToYou: dollars(0), estimated };
}

/** Spans in short: "2026-11-01..2026-11-02 $3 10", with "?" for models of unknown cost and "~" before an estimate. */
function brief(models: readonly ModelDay[], size: SpanSize): string[] {
  const days = models.map(({ model: _, ...day }): Day => day);
  return daySpans({ days, models }, { metric: "api_cost", size }).map((span) => {
    const cost = span.known === null ? "–" : `$${span.known / 1_000_000}`;
    const unknown = span.unknownModels.length === 0 ? "" : ` without ${span.unknownModels}`;
    const name = span.isTold ? `${span.estimated ? "~" : ""}${cost} ${span.tokens.total}${unknown}` : "nothing told";
    return `${span.from}..${span.to} ${name}`;
  });
}

Deno.test("daySpans() leaves no date out, and says of which nothing is told", () => {
  assert.deepEqual(brief([modelDay("2026-11-01", "opus", 1), modelDay("2026-11-03", "opus", 2)], "day"), [
    "2026-11-01..2026-11-01 $1 10",
    "2026-11-02..2026-11-02 nothing told",
    "2026-11-03..2026-11-03 $2 10",
  ]);
});

Deno.test("daySpans() sums weeks from Monday on; the outer ones end where the days do", () => {
  // 1 November 2026 is a Sunday.
  const days = [
    modelDay("2026-11-01", "opus", 1),
    modelDay("2026-11-02", "opus", 2),
    modelDay("2026-11-08", "opus", 4, { estimated: true }),
    modelDay("2026-11-10", "opus", 8),
  ];
  assert.deepEqual(brief(days, "week"), [
    "2026-11-01..2026-11-01 $1 10",
    "2026-11-02..2026-11-08 ~$6 20",
    "2026-11-09..2026-11-10 $8 10",
  ]);
});

Deno.test("daySpans() sums calendar months", () => {
  const days = [modelDay("2025-12-31", "opus", 1), modelDay("2026-02-01", "opus", 2)];
  assert.deepEqual(brief(days, "month"), [
    "2025-12-31..2025-12-31 $1 10",
    "2026-01-01..2026-01-31 nothing told",
    "2026-02-01..2026-02-01 $2 10",
  ]);
});

Deno.test("daySpans() keeps the known part apart from models of unknown cost", () => {
  const partly = [modelDay("2026-11-01", "opus", 1), modelDay("2026-11-01", "auto", null)];
  const spans = daySpans({ days: [partly[0] ?? modelDay("2026-11-01", "opus", 1)], models: partly }, {
    metric: "api_cost",
    size: "day",
  });
  assert.deepEqual(spans.map(({ known, unknownModels }) => ({ known, unknownModels })), [
    { known: dollars(1), unknownModels: ["auto"] },
  ]);
  assert.deepEqual(brief([modelDay("2026-11-01", "auto", null)], "day"), [
    "2026-11-01..2026-11-01 – 10 without auto",
  ]);
});

Deno.test("daySpans() of no days is none", () => {
  assert.deepEqual(brief([], "day"), []);
});
