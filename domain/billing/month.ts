/** Rows arrive late for about this long after a month's end. */
const SETTLING_HOURS = 48;

/** A window as it was read: what the API said it holds, and what its pages held. */
export interface FetchedWindow extends Window {
  /** Null where the API did not tell. */
  readonly reportedEvents: number | null;
  readonly events: number;
  /** Every page reported the same total, and the pages add up to it: nothing was missed or read twice. */
  readonly isProven: boolean;
}

/** Whether the month can never change any more: fetched after it has settled, every window whole and proven. */
export function isComplete(
  month: Temporal.PlainYearMonth,
  { fetchedAt, windows }: { fetchedAt: Temporal.Instant; windows: readonly FetchedWindow[] },
): boolean {
  return isSettled(month, fetchedAt) && windows.length > 0 && windows.every((window) => window.isProven);
}

/** Whether more than 48 hours have passed since the month's end. */
export function isSettled(month: Temporal.PlainYearMonth, at: Temporal.Instant): boolean {
  return Temporal.Instant.compare(at, endOfMonth(month).add({ hours: SETTLING_HOURS })) > 0;
}

/** "01-2026", as month files are named. */
export function fileMonth(month: Temporal.PlainYearMonth): string {
  return `${String(month.month).padStart(2, "0")}-${String(month.year).padStart(4, "0")}`;
}

/** The month of "01-2026"; null for any other text. */
export function parseFileMonth(text: string): Temporal.PlainYearMonth | null {
  const match = /^(0[1-9]|1[0-2])-(\d{4})$/.exec(text);
  if (match === null) return null;
  return Temporal.PlainYearMonth.from({ year: Number(match[2]), month: Number(match[1]) });
}

const MONTH_NAMES = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
] as const;

/** "January 2026". A list of names, as a report has thousands of them and formatting by locale is slow. */
export function monthName({ year, month }: Temporal.PlainYearMonth): string {
  return `${MONTH_NAMES[month - 1]} ${year}`;
}

/** The stretch of time that one series of pages covers: epoch milliseconds, both ends inclusive, as the API counts. */
export interface Window {
  readonly startMs: number;
  readonly endMs: number;
}

/** The API refuses longer windows. */
export const MAX_WINDOW_DAYS = 30;

const DAY_MS = 24 * 60 * 60 * 1000;
/** The first half of a month ends with this day: neither half is ever longer than 16 days. */
const LAST_DAY_OF_FIRST_HALF = 15;

/** The two halves of a calendar month (UTC): no millisecond of it is in none or in both. */
export function monthWindows(month: Temporal.PlainYearMonth): readonly [Window, Window] {
  const startMs = startOfMonth(month).epochMilliseconds;
  const middleMs = startMs + LAST_DAY_OF_FIRST_HALF * DAY_MS;
  return [
    { startMs, endMs: middleMs - 1 },
    { startMs: middleMs, endMs: endOfMonth(month).epochMilliseconds - 1 },
  ];
}

/** Windows of at most 30 days that cover a stretch of time without hole or overlap; both ends inclusive. */
export function rangeWindows(range: Window): Window[] {
  const windows: Window[] = [];
  for (let startMs = range.startMs; startMs <= range.endMs; startMs += MAX_WINDOW_DAYS * DAY_MS) {
    windows.push({ startMs, endMs: Math.min(startMs + MAX_WINDOW_DAYS * DAY_MS - 1, range.endMs) });
  }
  return windows;
}

/** What of the windows has begun at `now`: nothing can have happened after it, and asking for it invites drift. */
export function windowsUntil(windows: readonly Window[], now: Temporal.Instant): Window[] {
  return windows
    .filter((window) => window.startMs <= now.epochMilliseconds)
    .map(({ startMs, endMs }) => ({ startMs, endMs: Math.min(endMs, now.epochMilliseconds) }));
}

/** The `count` newest calendar months (UTC), the one that contains `now` included; oldest first. */
export function latestMonths(now: Temporal.Instant, count: number): Temporal.PlainYearMonth[] {
  if (!Number.isSafeInteger(count) || count < 1) {
    throw new RangeError(`Cannot list months as 'count' must be a positive integer: current value is ${count}`);
  }
  const current = now.toZonedDateTimeISO("UTC").toPlainDate().toPlainYearMonth();
  return Array.from({ length: count }, (_, index) => current.subtract({ months: count - 1 - index }));
}

/** Its first moment (UTC). */
export function startOfMonth(month: Temporal.PlainYearMonth): Temporal.Instant {
  return month.toPlainDate({ day: 1 }).toZonedDateTime("UTC").toInstant();
}

/** The first moment after it (UTC). */
export function endOfMonth(month: Temporal.PlainYearMonth): Temporal.Instant {
  return startOfMonth(month.add({ months: 1 }));
}
