import type { Change } from "../../domain/billing/analytics/months.ts";
import { monthName } from "../../domain/billing/month.ts";
import { formatMicros } from "../../domain/money.ts";
import type { BillingView } from "../billing/view.ts";

/** "January 2026" for "2026-01". */
export function nameOfMonth(month: string): string {
  return monthName(Temporal.PlainYearMonth.from(month));
}

/** "Jan 2026" for "2026-01". */
export function shortMonth(month: string): string {
  const [name = "", year = ""] = nameOfMonth(month).split(" ");
  return `${name.slice(0, 3)} ${year}`;
}

/** "+25 %", "−3.1 %"; a dash where there is no growth to speak of. */
export function formatGrowth(ratio: number | null): string {
  if (ratio === null) return "–";
  const percent = Math.abs(ratio * 100);
  const digits = percent >= 10 || percent === 0 ? 0 : 1;
  return `${signOf(ratio)}${percent.toFixed(digits)}\u00a0%`;
}

/** "+$12.50", "−$3.00", "$0.00"; a dash where it is unknown. */
export function formatDelta(change: Change | null): string {
  return change === null ? "–" : signOf(change.delta) + formatMicros(change.delta).replace("-", "");
}

/** The whole report in a sentence or two; `of` is such as " for ada@example.com". */
export function billingHeadline({ summary, months }: BillingView, { of = "" }: { of?: string } = {}): string {
  if (months.length === 0) return "No month has been fetched yet.";
  const span = months.length === 1 ? `in ${nameOfMonth(months[0]?.spend.month ?? "")}` : `in ${months.length} months`;
  const first = `${formatMicros(summary.total)} was billed on demand${of} ${span}.`;
  const newest = months.map(({ spend }) => spend).find(({ isComplete, change }) => isComplete && change !== null);
  const growth = newest?.change?.growthRatio ?? null;
  if (newest === undefined || growth === null || months.length === 1) return first;
  const percent = formatGrowth(growth).slice(1);
  const direction = growth === 0 ? "as much as" : `${percent} ${growth > 0 ? "more" : "less"} than`;
  return `${first} ${nameOfMonth(newest.month)} came to ${formatMicros(newest.total)}, ${direction} the month before.`;
}

function signOf(value: number): string {
  return value > 0 ? "+" : value < 0 ? "−" : "";
}
