import type { DaySpan, SpanSize } from "../../../domain/report/day_spans.ts";
import { formatDate } from "../format.ts";
import type { ByDay } from "../pages/by_day.ts";
import type { Tick } from "./chart.ts";

/** "2026 Nov 10" in words that fit an axis: "10 Nov", and "Nov 2026" for a month. */
export function tickText(from: Temporal.PlainDate, { size, today }: { size: SpanSize; today: Temporal.PlainDate }) {
  return size === "month"
    ? from.toLocaleString("en-GB", { month: "short", year: "numeric", calendar: "iso8601" })
    : formatDate(from, today);
}

/** The span as a tooltip or a table names it: "Sat 21 Nov", "16 Nov – 22 Nov", "Nov 2026". */
export function spanName({ from, to }: DaySpan, { size, today }: { size: SpanSize; today: Temporal.PlainDate }) {
  if (size === "day") return `${from.toLocaleString("en-GB", { weekday: "short" })} ${formatDate(from, today)}`;
  return size === "week" ? `${formatDate(from, today)} – ${formatDate(to, today)}` : tickText(from, { size, today });
}

/** The axis of spans. */
export function spanTicks({ spans, size, today }: ByDay): Tick[] {
  return spans.map(({ from }, at) => ({ at, text: tickText(from, { size, today }) }));
}

/** "per day, this cycle". */
export function spanNote({ size, range }: ByDay): string {
  return `per ${size}, ${range.words}`;
}

/** Dollars for a script. */
export function dollarsOf(micros: number): number;
export function dollarsOf(micros: number | null): number | null;
export function dollarsOf(micros: number | null): number | null {
  return micros === null ? null : micros / 1_000_000;
}

/** "auto", "auto and gpt", "auto and 3 more". */
export function namesOf(models: readonly string[]): string {
  const [first = "", second] = models;
  if (models.length <= 1) return first;
  return models.length === 2 ? `${first} and ${second}` : `${first} and ${models.length - 1} more`;
}
