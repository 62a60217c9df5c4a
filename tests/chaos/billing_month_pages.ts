import { fileMonth, monthWindows, startOfMonth } from "../../domain/billing/month.ts";
import type { EventQuery } from "../../fixtures/cursor_sim/admin_api.ts";
import { generateEvents, type SimEvent } from "../../fixtures/cursor_sim/admin_events.ts";

/** What the fetch that is killed is about: the quarter's third month has no events yet. */
export const MONTHS = ["2026-01", "2026-02", "2026-03"].map((text) => Temporal.PlainYearMonth.from(text));
export const FETCHED_AT = Temporal.Instant.from("2026-03-20T12:00:00Z");
export const ADMIN_KEY = "key_0123456789abcdef";
export const PAGE_SIZE = 10;

/** Events of January and February. */
export function quarterEvents({ seed, count }: { seed: number; count: number }): SimEvent[] {
  const [january, , march] = MONTHS.map(startOfMonth);
  if (january === undefined || march === undefined) throw new RangeError("The quarter must have three months");
  return generateEvents({ seed, count, startMs: january.epochMilliseconds, endMs: march.epochMilliseconds - 1 });
}

/** The step that keeps this page; null where the page is of no window's first read. */
export function pageStep({ startDate, page }: EventQuery): string | null {
  for (const month of MONTHS) {
    const index = monthWindows(month).findIndex(({ startMs }) => startMs === startDate);
    if (index >= 0) return `page ${fileMonth(month)}-w${index + 1}-r1-p${String(page).padStart(4, "0")}`;
  }
  return null;
}
