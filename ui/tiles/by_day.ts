import type { SpendMetric } from "../../domain/config.ts";
import type { StoredCycle } from "../../domain/history/stored_cycle.ts";
import type { Reports } from "../../domain/report/reports.ts";
import { type DaySpan, daySpans, type SpanSize } from "../../domain/report/spans.ts";

/** The days that charts over time can show; `months` back from today, or without end. */
export const RANGES = [
  { id: "cycle", name: "Cycle", words: "in the cycle" },
  { id: "3m", name: "3 months", words: "last 3 months", months: 3 },
  { id: "1y", name: "1 year", words: "last year", months: 12 },
  { id: "all", name: "All", words: "all that is known" },
] as const;
export type Range = typeof RANGES[number];

/** Longer than this, a bar is a week or a month. */
const MOST_DAYS = 120;
const MOST_WEEKS = 110;

/** Spend and tokens over the range's days. */
export interface ByDay {
  readonly range: Range;
  readonly size: SpanSize;
  readonly spans: readonly DaySpan[];
  readonly today: Temporal.PlainDate;
  /** The first span whose figures may still change; null where all of them stand. */
  readonly openFrom: number | null;
}

/** Reads the days of a range; those of the cycle where it is the cycle's own. */
export function byDay(
  reports: Reports,
  { range, cycle, metric, today, openDate }: {
    range: Range;
    cycle: StoredCycle | null;
    metric: SpendMetric;
    today: Temporal.PlainDate;
    openDate: Temporal.PlainDate | null;
  },
): ByDay {
  const filter = filterOf(range, { cycle, today });
  const days = reports.daily(filter);
  const length = days[0] === undefined ? 0 : days[0].date.until(today, { largestUnit: "days" }).days;
  const size = length <= MOST_DAYS ? "day" : length / 7 <= MOST_WEEKS ? "week" : "month";
  const spans = daySpans({ days, models: reports.dailyByModel(filter) }, { metric, size });
  const isOpen = ({ to }: DaySpan) => openDate !== null && Temporal.PlainDate.compare(to, openDate) >= 0;
  const openFrom = spans.findIndex(isOpen);
  return { range, size, spans, today, openFrom: openFrom < 0 ? null : openFrom };
}

function filterOf(range: Range, { cycle, today }: { cycle: StoredCycle | null; today: Temporal.PlainDate }) {
  if (range.id === "cycle") return cycle === null ? { from: today, to: today } : { cycle };
  return "months" in range ? { from: today.subtract({ months: range.months }) } : {};
}
