import { endOfMonth, type Window } from "./windows.ts";

/** Rows arrive late for about this long after a month's end. */
export const SETTLING_HOURS = 48;

/** A window as it was read: what the API said it holds, and what its pages held. */
export interface ReadWindow extends Window {
  /** Null where the API did not tell. */
  readonly reportedEvents: number | null;
  readonly events: number;
  /** Every page reported the same total, and the pages add up to it: nothing was missed or read twice. */
  readonly isProven: boolean;
}

/** Whether the month can never change any more: fetched after it has settled, every window whole and proven. */
export function isComplete(
  month: Temporal.PlainYearMonth,
  { fetchedAt, windows }: { fetchedAt: Temporal.Instant; windows: readonly ReadWindow[] },
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
