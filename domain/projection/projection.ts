import { type Micros, micros } from "../money.ts";
import { ewma } from "./ewma.ts";
import { linear } from "./linear.ts";
import { budgetRunOut, type RunOut } from "./run_out.ts";
import { completeDays, cycleTimes, DAY_MS, type Forecast, type Spending } from "./spending.ts";

/** The ways to project. */
export const METHODS = ["linear", "ewma"] as const;
export type Method = typeof METHODS[number];

/** Where the cycle will end. Amounts are null where something that they need is unknown. */
export interface Projection {
  /** The method that `projected`, the band, the status and the run-out are of. */
  readonly method: Method;
  readonly projected: Micros | null;
  readonly linear: Micros | null;
  readonly ewma: Micros | null;
  readonly low: Micros | null;
  readonly high: Micros | null;
  /** Spend per day that the method goes on with. */
  readonly perDay: Micros | null;
  readonly status: ProjectionStatus;
  readonly budgetRunOut: RunOut;
}

interface ProjectOptions {
  readonly method: Method;
  readonly halfLifeDays: number;
  readonly budget: Micros | null;
  /** Daily spend of complete days before the cycle, oldest first: they make the band steadier. */
  readonly earlierDays?: readonly (Micros | null)[];
}

/** Projects the spending by each method; the chosen one decides. @throws TrackerError for a bad half-life. */
export function project(spending: Spending, options: ProjectOptions): Projection {
  const { method, halfLifeDays, budget, earlierDays = [] } = options;
  const forecasts: Readonly<Record<Method, Forecast>> = {
    linear: linear(spending),
    ewma: ewma(spending, { halfLifeDays }),
  };
  const { projected, perDay } = forecasts[method];
  const { spend } = spending;
  const range = band(spending, { projected, earlierDays });
  return {
    method,
    projected,
    linear: forecasts.linear.projected,
    ewma: forecasts.ewma.projected,
    low: range?.low ?? null,
    high: range?.high ?? null,
    perDay,
    status: projectionStatus({ spend, projected, budget }),
    budgetRunOut: budgetRunOut(spending, { spend, budget, perDay }),
  };
}

/** Where the cycle's spend will end in about eight of ten cases. */
interface Band {
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

/** Where the spend will end, against the budget. */
export const PROJECTION_STATUSES = ["on_track", "at_risk", "over", "no_budget", "unknown"] as const;
export type ProjectionStatus = typeof PROJECTION_STATUSES[number];

/**
 * on_track up to 95 % of the budget, at_risk up to all of it, over beyond; the limits belong to the lower status.
 * Unknown where the cost is; no_budget where none is set. What is spent already counts where nothing can be projected.
 */
export function projectionStatus(
  { spend, projected, budget }: { spend: Micros | null; projected: Micros | null; budget: Micros | null },
): ProjectionStatus {
  if (spend === null) return "unknown";
  if (budget === null) return "no_budget";
  if (spend > budget) return "over";
  if (projected === null) return "unknown";
  if (projected > budget) return "over";
  return 100n * BigInt(projected) <= 95n * BigInt(budget) ? "on_track" : "at_risk";
}
