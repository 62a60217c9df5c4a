/** The billing period: dates in UTC, `end` exclusive. A bound that the page does not tell is null. */
export interface BillingCycle {
  readonly start: Temporal.PlainDate | null;
  readonly end: Temporal.PlainDate | null;
  /** The exact bounds, where Cursor tells them: cycles begin at an hour of the day. */
  readonly startAt: Temporal.Instant | null;
  readonly endAt: Temporal.Instant | null;
}

/** A cycle of which nothing is known. */
export const UNKNOWN_CYCLE: BillingCycle = { start: null, end: null, startAt: null, endAt: null };

/** The cycle between two exact moments. One that does not last (start = end, as some plans send) is unknown. */
export function cycleBetween(startAt: Temporal.Instant | null, endAt: Temporal.Instant | null): BillingCycle {
  if (startAt !== null && endAt !== null && Temporal.Instant.compare(startAt, endAt) >= 0) return UNKNOWN_CYCLE;
  const end = endAt === null ? null : pastMidnight(endAt);
  const cycle = { start: utcDate(startAt), end: utcDate(end), startAt, endAt: end };
  return cycle.start !== null && cycle.end !== null && cycle.start.equals(cycle.end) ? UNKNOWN_CYCLE : cycle;
}

/**
 * The cycle between two dates as a person writes them. People write the last day ("Nov 1 – Nov 30"), Cursor the first
 * day of the next cycle ("Nov 10 – Dec 10"): an end one day short of a whole month is a last day.
 */
export function cycleOfDates(start: Temporal.PlainDate | null, end: Temporal.PlainDate | null): BillingCycle {
  if (start !== null && end !== null) {
    if (Temporal.PlainDate.compare(start, end) >= 0) return UNKNOWN_CYCLE;
    const dayAfter = end.add({ days: 1 });
    if (dayAfter.equals(start.add({ months: 1 }))) return { start, end: dayAfter, startAt: null, endAt: null };
  }
  return { start, end, startAt: null, endAt: null };
}

/** When the cycle begins: the exact moment where it is known, else midnight UTC of its first day. */
export function cycleStart(cycle: BillingCycle): Temporal.Instant | null {
  return cycle.startAt ?? midnightUtc(cycle.start);
}

/** When the cycle ends (exclusive): the exact moment where it is known, else midnight UTC of its end date. */
export function cycleEnd(cycle: BillingCycle): Temporal.Instant | null {
  return cycle.endAt ?? midnightUtc(cycle.end);
}

/** Whether both mean the same billing period, by their dates. Two unknown starts are not the same. */
export function isSameCycle(a: BillingCycle, b: BillingCycle): boolean {
  return a.start !== null && b.start !== null && a.start.equals(b.start);
}

/** Lengths in days, fractions included. Null where a bound is unknown; elapsed and remaining never leave the cycle. */
interface CycleProgress {
  readonly daysTotal: number | null;
  readonly daysElapsed: number | null;
  readonly daysRemaining: number | null;
}

/** How far the cycle has come at `now`. */
export function cycleProgress(cycle: BillingCycle, now: Temporal.Instant): CycleProgress {
  const start = cycleStart(cycle);
  const end = cycleEnd(cycle);
  const total = start === null || end === null ? null : daysBetween(start, end);
  const sinceStart = start === null ? null : Math.max(0, daysBetween(start, now));
  const elapsed = sinceStart !== null && total !== null ? Math.min(sinceStart, total) : sinceStart;
  const remaining = end === null ? null : Math.max(0, daysBetween(now, end));
  return {
    daysTotal: total,
    daysElapsed: elapsed,
    daysRemaining: remaining !== null && total !== null ? Math.min(remaining, total) : remaining,
  };
}

function daysBetween(from: Temporal.Instant, to: Temporal.Instant): number {
  return from.until(to).total("hours") / 24;
}

function utcDate(at: Temporal.Instant | null): Temporal.PlainDate | null {
  return at === null ? null : at.toZonedDateTimeISO("UTC").toPlainDate();
}

function midnightUtc(date: Temporal.PlainDate | null): Temporal.Instant | null {
  return date === null ? null : date.toZonedDateTime("UTC").toInstant();
}

/** An end within the last second of a day ("23:59:59.999") means the midnight after it. */
function pastMidnight(end: Temporal.Instant): Temporal.Instant {
  const zoned = end.toZonedDateTimeISO("UTC");
  const midnight = zoned.startOfDay().add({ days: 1 });
  return zoned.until(midnight).total("seconds") <= 1 ? midnight.toInstant() : end;
}
