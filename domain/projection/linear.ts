import { type Micros, micros } from "../money.ts";
import { cycleTimes, DAY_MS, type Forecast, NO_FORECAST, type Spending } from "./spending.ts";

/**
 * Linear: average = spend / days elapsed (with fractions, at least one hour), projected = average × total days.
 * Worked out in whole milliseconds and micro-dollars, rounded half up once.
 */
export function linear(spending: Spending): Forecast {
  const times = cycleTimes(spending);
  if (times === null || spending.spend === null) return NO_FORECAST;
  const { elapsedMs, totalMs } = times;
  return {
    projected: totalMs === null ? null : scaled(spending.spend, { by: totalMs, over: elapsedMs }),
    perDay: scaled(spending.spend, { by: DAY_MS, over: elapsedMs }),
  };
}

function scaled(amount: Micros, { by, over }: { by: number; over: number }): Micros {
  const doubled = 2n * BigInt(amount) * BigInt(by);
  return micros(Number((doubled + BigInt(over)) / (2n * BigInt(over))));
}
