import { type Micros, micros, ZERO } from "../../money.ts";
import type { RollupRow } from "../rollup.ts";
import { byText, mostUsed, rowsBy, totalOf, totalsBy } from "./totals.ts";

/** A month that was fetched, even one without any billed event. */
export interface AnalyzedMonth {
  /** "2026-01". */
  readonly month: string;
  /** Billed events. */
  readonly events: number;
  readonly isComplete: boolean;
}

/** How an amount moved from one month to a later one. */
export interface Change {
  readonly delta: Micros;
  /** 0.25 is 25 % more; null against an empty past: there is no growth from nothing. */
  readonly growthRatio: number | null;
}

/** A month's spend against the calendar month before it. */
export interface MonthlySpend extends AnalyzedMonth {
  readonly total: Micros;
  /** Null where the month before was not fetched. */
  readonly change: Change | null;
}

/** One month of a user's or a model's spend. */
export interface MonthShare {
  readonly month: string;
  readonly micros: Micros;
  readonly requests: number;
}

/** The change between the two newest complete months that follow one another: a month that goes on would look cheap. */
export interface Trend extends Change {
  readonly from: string;
  readonly to: string;
}

/** One cell of the table month × model. */
export interface ModelMonth {
  readonly month: string;
  readonly model: string;
  readonly micros: Micros;
  readonly tokens: number;
  readonly requests: number;
}

/** One cell of the table month × user. */
export interface UserMonth {
  readonly month: string;
  readonly user: string;
  readonly micros: Micros;
  readonly requests: number;
  /** The model with the most requests. */
  readonly topModel: string | null;
}

/** From `before` to `after`. */
function changeBetween(before: Micros, after: Micros): Change {
  const delta = micros(after - before);
  return { delta, growthRatio: before === 0 ? null : delta / before };
}

/** Total per fetched month, oldest first. */
export function monthlySpend(rows: Iterable<RollupRow>, months: readonly AnalyzedMonth[]): MonthlySpend[] {
  const totals = totalsBy(rows, (row) => row.month);
  const spendOf = (month: string) => totals.get(month)?.micros ?? ZERO;
  const known = new Set(months.map(({ month }) => month));
  return months.toSorted((a, b) => byText(a.month, b.month)).map((fetched) => {
    const before = monthBefore(fetched.month);
    const total = spendOf(fetched.month);
    return { ...fetched, total, change: known.has(before) ? changeBetween(spendOf(before), total) : null };
  });
}

/** The rows' spend in each fetched month, oldest first, months without any included. */
export function monthShares(rows: Iterable<RollupRow>, months: readonly AnalyzedMonth[]): MonthShare[] {
  const totals = totalsBy(rows, (row) => row.month);
  return months.map(({ month }) => {
    const total = totals.get(month);
    return { month, micros: total?.micros ?? ZERO, requests: total?.requests ?? 0 };
  }).sort((a, b) => byText(a.month, b.month));
}

/** How the spend moved lately; null without two complete months in a row. */
export function trendOf(shares: readonly MonthShare[], months: readonly AnalyzedMonth[]): Trend | null {
  const complete = new Set(months.filter((month) => month.isComplete).map(({ month }) => month));
  const to = shares.findLast(({ month }) => complete.has(month) && complete.has(monthBefore(month)));
  if (to === undefined) return null;
  const before = monthBefore(to.month);
  const from = shares.findLast(({ month }) => month === before);
  if (from === undefined) return null;
  return { from: from.month, to: to.month, ...changeBetween(from.micros, to.micros) };
}

/** Month × model: months oldest first, in each the costliest model first. */
export function modelMatrix(rows: Iterable<RollupRow>): ModelMonth[] {
  return [...rowsBy(rows, (row) => row.month)].flatMap(([month, ofMonth]) =>
    [...totalsBy(ofMonth, (row) => row.model)].map(([model, { micros, tokens, requests }]) => (
      { month, model, micros, tokens, requests }
    ))
  ).sort((a, b) => byText(a.month, b.month) || b.micros - a.micros || byText(a.model, b.model));
}

/** Month × user: months oldest first, in each the top spender first. */
export function userMatrix(rows: Iterable<RollupRow>): UserMonth[] {
  return [...rowsBy(rows, (row) => row.month)].flatMap(([month, ofMonth]) =>
    [...rowsBy(ofMonth, (row) => row.user)].map(([user, ofUser]) => {
      const { micros, requests } = totalOf(ofUser);
      return { month, user, micros, requests, topModel: mostUsed(totalsBy(ofUser, (row) => row.model)) };
    })
  ).sort((a, b) => byText(a.month, b.month) || b.micros - a.micros || byText(a.user, b.user));
}

/** The calendar month before "2026-01": "2025-12". */
function monthBefore(month: string): string {
  const [year = 0, number = 0] = month.split("-").map(Number);
  const before = number === 1 ? { year: year - 1, month: 12 } : { year, month: number - 1 };
  return `${String(before.year).padStart(4, "0")}-${String(before.month).padStart(2, "0")}`;
}
