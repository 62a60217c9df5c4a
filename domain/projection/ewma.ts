import { TrackerError } from "../errors.ts";
import { type Micros, micros } from "../money.ts";
import { linear } from "./linear.ts";
import { completeDays, cycleTimes, DAY_MS, type Forecast, NO_FORECAST, type Spending } from "./spending.ts";

/** Half-life where none is configured, in days. */
const DEFAULT_HALF_LIFE_DAYS = 7;

/**
 * Exponentially weighted: ewma_t = alpha × spend_t + (1 − alpha) × ewma_(t−1) over the cycle's complete days, from the
 * first day's spend on, alpha = 1 − exp(−ln 2 / half-life); projected = spend so far + ewma × remaining days. With no
 * complete day it equals linear.
 * @throws TrackerError (exit 2) for a half-life that is no positive number of days.
 */
export function ewma(spending: Spending, { halfLifeDays }: { halfLifeDays: number }): Forecast {
  const times = cycleTimes(spending);
  const alpha = smoothing(halfLifeDays);
  if (times === null || spending.spend === null) return NO_FORECAST;
  const days = completeDays(spending);
  if (days.length === 0) return linear(spending);
  const perDay = ewmaOf(days, alpha);
  if (perDay === null) return NO_FORECAST;
  const rest = times.remainingMs === null ? null : Math.round(perDay * times.remainingMs / DAY_MS);
  return { projected: rest === null ? null : micros(spending.spend + rest), perDay: micros(Math.round(perDay)) };
}

/** alpha = 1 − exp(−ln 2 / half-life): after one half-life a day weighs half. */
export function smoothing(halfLifeDays: number): number {
  if (Number.isFinite(halfLifeDays) && halfLifeDays > 0) return 1 - Math.exp(-Math.LN2 / halfLifeDays);
  throw new TrackerError(
    `Cannot project as 'HALF_LIFE_DAYS' must be a positive number of days: current value is ${halfLifeDays}`,
    { hint: `Set HALF_LIFE_DAYS to a number above 0; ${DEFAULT_HALF_LIFE_DAYS} is usual.`, exitCode: 2 },
  );
}

function ewmaOf(days: readonly (Micros | null)[], alpha: number): number | null {
  let average: number | null = null;
  for (const spend of days) {
    if (spend === null) return null;
    average = average === null ? spend : alpha * spend + (1 - alpha) * average;
  }
  return average;
}
