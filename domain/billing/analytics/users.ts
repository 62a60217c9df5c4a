import type { Micros } from "../../money.ts";
import type { RollupRow } from "../aggregate.ts";
import { type AnalyzedMonth, type MonthShare, monthShares, type Trend, trendOf } from "./months.ts";
import { averageMicros, byText, mostUsed, rowsBy, totalOf, totalsBy } from "./totals.ts";

/** What one user cost over all fetched months. */
export interface UserSpend {
  readonly user: string;
  readonly total: Micros;
  readonly requests: number;
  readonly tokens: number;
  /** Per request. */
  readonly average: Micros | null;
  /** The model with the most requests. */
  readonly topModel: string | null;
  readonly months: readonly MonthShare[];
  readonly trend: Trend | null;
}

/** Users, top spender first. */
export function userSpend(rows: Iterable<RollupRow>, months: readonly AnalyzedMonth[]): UserSpend[] {
  return [...rowsBy(rows, (row) => row.user)].map(([user, own]) => {
    const total = totalOf(own);
    const shares = monthShares(own, months);
    return {
      user,
      total: total.micros,
      requests: total.requests,
      tokens: total.tokens,
      average: averageMicros(total),
      topModel: mostUsed(totalsBy(own, (row) => row.model)),
      months: shares,
      trend: trendOf(shares, months),
    };
  }).sort((a, b) => b.total - a.total || byText(a.user, b.user));
}
