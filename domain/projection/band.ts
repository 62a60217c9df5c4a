import { type Micros, micros } from "../money.ts";
import { completeDays, cycleTimes, DAY_MS, type Spending } from "./spending.ts";

/** Where the cycle's spend will end in about eight of ten cases. */
export interface Band {
  readonly low: Micros;
  readonly high: Micros;
}

/** Nine of ten values of a normal distribution lie below this many standard deviations: both sides leave 80 %. */
const Z_80 = 1.2816;
/** The spread is taken from the newest complete days, this many at most, and not from fewer than the least. */
const MOST_DAYS = 28;
const LEAST_DAYS = 5;

/**
 * projected ± 1.2816 × s × √(remaining days), where s is the standard deviation (n − 1) of the daily spend of the last
 * 28 complete days, those of earlier cycles included; never below what is spent. The days count as independent.
 * Null with fewer than five known days, or where something is unknown.
 */
export function band(
  spending: Spending,
  { projected, earlierDays = [] }: { projected: Micros | null; earlierDays?: readonly (Micros | null)[] },
): Band | null {
  const remainingMs = cycleTimes(spending)?.remainingMs ?? null;
  if (projected === null || spending.spend === null || remainingMs === null) return null;
  const known = [...earlierDays, ...completeDays(spending)].filter((spend) => spend !== null).slice(-MOST_DAYS);
  if (known.length < LEAST_DAYS) return null;
  const margin = Math.round(Z_80 * standardDeviation(known) * Math.sqrt(remainingMs / DAY_MS));
  return { low: micros(Math.max(projected - margin, spending.spend)), high: micros(projected + margin) };
}

function standardDeviation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
}
