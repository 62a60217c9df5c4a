import type { Micros } from "../../money.ts";
import type { RollupRow } from "../aggregate.ts";
import { type AnalyzedMonth, type MonthShare, monthShares, type Trend, trendOf } from "./months.ts";
import { averageMicros, byText, rowsBy, totalOf } from "./totals.ts";

/** What one model cost over all fetched months. */
export interface ModelSpend {
  readonly model: string;
  readonly total: Micros;
  readonly requests: number;
  readonly tokens: number;
  /** Per request. */
  readonly average: Micros | null;
  /** How many different users. */
  readonly users: number;
  readonly months: readonly MonthShare[];
  readonly trend: Trend | null;
}

/** Models, the one that cost most first. */
export function modelSpend(rows: Iterable<RollupRow>, months: readonly AnalyzedMonth[]): ModelSpend[] {
  return [...rowsBy(rows, (row) => row.model)].map(([model, own]) => {
    const total = totalOf(own);
    const shares = monthShares(own, months);
    return {
      model,
      total: total.micros,
      requests: total.requests,
      tokens: total.tokens,
      average: averageMicros(total),
      users: new Set(own.map((row) => row.user)).size,
      months: shares,
      trend: trendOf(shares, months),
    };
  }).sort((a, b) => b.total - a.total || byText(a.model, b.model));
}
