import type { Micros } from "../../money.ts";
import { type ExcludedSum, sumByReason } from "../ledger.ts";
import type { RollupRow } from "../rollup.ts";
import { type AnalyzedMonth, type MonthShare, monthShares, type Trend, trendOf } from "./months.ts";
import { averageMicros, byText, costliest, mostUsed, rowsBy, type Total, totalOf, totalsBy } from "./totals.ts";

/** The figures at the top of the report. */
export interface BillingSummary {
  readonly total: Micros;
  /** Null where the current month was not fetched. */
  readonly currentMonth: Micros | null;
  readonly monthsAnalyzed: number;
  /** The model that cost most overall. */
  readonly costliestModel: string | null;
  readonly topUser: string | null;
  readonly excluded: readonly ExcludedSum[];
}

/** Sums up what was fetched; `currentMonth` is "2026-01". */
export function billingSummary(
  rows: readonly RollupRow[],
  { months, currentMonth, excluded }: {
    months: readonly AnalyzedMonth[];
    currentMonth: string;
    excluded: Iterable<ExcludedSum>;
  },
): BillingSummary {
  const isFetched = months.some(({ month }) => month === currentMonth);
  return {
    total: totalOf(rows).micros,
    currentMonth: isFetched ? totalOf(rows.filter(({ month }) => month === currentMonth)).micros : null,
    monthsAnalyzed: months.length,
    costliestModel: costliest(totalsBy(rows, (row) => row.model)),
    topUser: costliest(totalsBy(rows, (row) => row.user)),
    excluded: sumByReason(excluded),
  };
}

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

/** A user's part in an expensive model. */
interface ExpensiveModelUser {
  readonly user: string;
  readonly micros: Micros;
  readonly requests: number;
  /** Share of the user's own requests that went to this model, 0 to 1. */
  readonly requestShare: number;
}

/** A model whose average request costs more than the average request of the team. */
export interface ExpensiveModel {
  readonly model: string;
  readonly total: Micros;
  readonly average: Micros | null;
  /** Top spender on this model first. */
  readonly users: readonly ExpensiveModelUser[];
}

/** How a user chooses between expensive and cheaper models. */
export interface ModelChoice {
  readonly user: string;
  readonly requests: number;
  /** Share of the requests that went to expensive models, 0 to 1. */
  readonly expensiveShare: number;
  /** What went to expensive models. */
  readonly expensiveMicros: Micros;
  /** Nearly every request, of enough to tell, went to an expensive model. */
  readonly isAlwaysExpensive: boolean;
}

/** From which share on a user picks expensive models "always". */
const ALWAYS_SHARE = 0.8;
/** Fewer requests are no habit. */
const MIN_REQUESTS = 5;

/** Expensive models, the costliest per request first. None where only one model was used: there is nothing cheaper. */
export function expensiveModels(rows: readonly RollupRow[]): ExpensiveModel[] {
  const requestsOfUser = totalsBy(rows, (row) => row.user);
  const expensive = expensiveNames(rows);
  return [...rowsBy(rows.filter((row) => expensive.has(row.model)), (row) => row.model)]
    .map(([model, own]) => ({ model, own, sum: totalOf(own) }))
    .sort((a, b) => compareAverages(b.sum, a.sum) || byText(a.model, b.model))
    .map(({ model, own, sum }) => ({
      model,
      total: sum.micros,
      average: averageMicros(sum),
      users: usersOf(own, requestsOfUser),
    }));
}

/** How each user chooses: the largest share of expensive requests first, then by what it cost. */
export function modelChoices(rows: readonly RollupRow[]): ModelChoice[] {
  const expensive = expensiveNames(rows);
  return [...rowsBy(rows, (row) => row.user)].map(([user, own]) => {
    const all = totalOf(own);
    const costly = totalOf(own.filter((row) => expensive.has(row.model)));
    const expensiveShare = share(costly.requests, all.requests);
    return {
      user,
      requests: all.requests,
      expensiveShare,
      expensiveMicros: costly.micros,
      isAlwaysExpensive: expensiveShare >= ALWAYS_SHARE && all.requests >= MIN_REQUESTS,
    };
  }).sort((a, b) =>
    b.expensiveShare - a.expensiveShare || b.expensiveMicros - a.expensiveMicros || byText(a.user, b.user)
  );
}

function expensiveNames(rows: readonly RollupRow[]): Set<string> {
  const team = totalOf(rows);
  const models = [...totalsBy(rows, (row) => row.model)];
  return new Set(models.filter(([, total]) => compareAverages(total, team) > 0).map(([model]) => model));
}

function usersOf(rows: readonly RollupRow[], requestsOfUser: ReadonlyMap<string, Total>): ExpensiveModelUser[] {
  return [...totalsBy(rows, (row) => row.user)].map(([user, { micros, requests }]) => (
    { user, micros, requests, requestShare: share(requests, requestsOfUser.get(user)?.requests ?? 0) }
  )).sort((a, b) => b.micros - a.micros || byText(a.user, b.user));
}

/** Compares a.micros / a.requests with b's without rounding either. */
function compareAverages(a: Total, b: Total): number {
  const difference = BigInt(a.micros) * BigInt(b.requests) - BigInt(b.micros) * BigInt(a.requests);
  return difference > 0n ? 1 : difference < 0n ? -1 : 0;
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
