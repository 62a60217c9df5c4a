import type { BillingCycle } from "../../../domain/cycle.ts";
import type { DaySpend, Spending } from "../../../domain/projection/spending.ts";
import { date, dollars, instant, NOVEMBER } from "../history/snapshots.ts";

/** Daily spend in dollars from a date on; null is unknown. */
export function spends(first: string, amounts: readonly (number | null)[]): DaySpend[] {
  return amounts.map((amount, index) => ({ date: date(first).add({ days: index }), spend: dollars(amount) }));
}

/** Spending of November 2026 in UTC unless told; the spend is the sum of the days unless told. */
export function spending(
  asOf: string,
  { days = [], cycle = NOVEMBER, timeZone = "UTC", spend = sum(days) }: {
    days?: readonly DaySpend[];
    cycle?: BillingCycle;
    timeZone?: string;
    spend?: Spending["spend"];
  } = {},
): Spending {
  return { asOf: instant(asOf), cycle, days, timeZone, spend };
}

function sum(days: readonly DaySpend[]): Spending["spend"] {
  return dollars(days.reduce((total, { spend }) => total + (spend ?? 0), 0) / 1_000_000);
}
