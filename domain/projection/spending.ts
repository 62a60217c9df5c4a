import type { SpendMetric } from "../config.ts";
import { type BillingCycle, cycleEnd, cycleStart } from "../cycle.ts";
import { costOf, type Figures } from "../history/figures.ts";
import { type Micros, ZERO } from "../money.ts";

/** The spend of one local day; null where it is unknown. */
export interface DaySpend {
  readonly date: Temporal.PlainDate;
  readonly spend: Micros | null;
}

/** The days' spend under the metric. */
export function daySpends(
  days: Iterable<Figures & { readonly date: Temporal.PlainDate }>,
  metric: SpendMetric,
): DaySpend[] {
  return Array.from(days, (day) => ({ date: day.date, spend: costOf(day, metric) }));
}

/** What a projection starts from: a cycle as it stands at a moment. */
export interface Spending {
  readonly cycle: BillingCycle;
  /** The moment that the spend is known for. */
  readonly asOf: Temporal.Instant;
  /** Spend of the cycle so far; null where it is unknown. */
  readonly spend: Micros | null;
  /** Its days, in any order; a date that is missing was free of spend. */
  readonly days: readonly DaySpend[];
  /** The zone that the dates are of. */
  readonly timeZone: string;
}

/** How a method sees the rest of the cycle. Null where something that it needs is unknown. */
export interface Forecast {
  /** Spend at the end of the cycle. */
  readonly projected: Micros | null;
  /** Spend per day that it goes on with. */
  readonly perDay: Micros | null;
}

export const NO_FORECAST: Forecast = { projected: null, perDay: null };

const HOUR_MS = 3_600_000;
export const DAY_MS: number = 24 * HOUR_MS;

/** The cycle's lengths in milliseconds; elapsed is at least an hour, and nothing reaches beyond the cycle's end. */
interface CycleTimes {
  readonly elapsedMs: number;
  /** Null where the cycle does not tell its end. */
  readonly totalMs: number | null;
  readonly remainingMs: number | null;
}

/** How far the cycle has come; null where it does not tell its start. */
export function cycleTimes({ cycle, asOf }: Pick<Spending, "cycle" | "asOf">): CycleTimes | null {
  const start = cycleStart(cycle)?.epochMilliseconds;
  const end = cycleEnd(cycle)?.epochMilliseconds;
  if (start === undefined) return null;
  const sinceStart = Math.max(asOf.epochMilliseconds - start, HOUR_MS);
  if (end === undefined) return { elapsedMs: sinceStart, totalMs: null, remainingMs: null };
  const totalMs = end - start;
  const remainingMs = Math.min(Math.max(end - asOf.epochMilliseconds, 0), totalMs);
  return { elapsedMs: Math.min(sinceStart, totalMs), totalMs, remainingMs };
}

/**
 * The spend of each complete day of the cycle, in order, free days included as zero. A day is complete when all of it,
 * from local midnight to midnight, lies in the cycle and is over: the part of a day that a cycle begins with is none.
 */
export function completeDays({ cycle, asOf, days, timeZone }: Spending): (Micros | null)[] {
  const start = cycleStart(cycle);
  if (start === null) return [];
  const end = cycleEnd(cycle);
  const limit = end !== null && Temporal.Instant.compare(end, asOf) < 0 ? end : asOf;
  const spends = new Map(days.map(({ date, spend }) => [date.toString(), spend]));
  const startDate = start.toZonedDateTimeISO(timeZone).toPlainDate();
  const isWhole = Temporal.Instant.compare(startDate.toZonedDateTime(timeZone).toInstant(), start) === 0;
  const today = limit.toZonedDateTimeISO(timeZone).toPlainDate();
  const complete: (Micros | null)[] = [];
  let date = isWhole ? startDate : startDate.add({ days: 1 });
  for (; Temporal.PlainDate.compare(date, today) < 0; date = date.add({ days: 1 })) {
    const spend = spends.get(date.toString());
    complete.push(spend === undefined ? ZERO : spend);
  }
  return complete;
}
