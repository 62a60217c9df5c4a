import type { MessageDay } from "../../domain/alerts/notification.ts";
import { formatMicros, micros } from "../../domain/money.ts";
import { formatDate } from "../words/format.ts";

/** A day of the chart. */
export interface Bar {
  /** "21 Nov" */
  readonly date: string;
  /** "$1.86"; a dash where it is unknown. */
  readonly value: string;
  /** Of the highest day, from 0 to 1; null where it is unknown. */
  readonly share: number | null;
  readonly isEstimated: boolean;
}

/** The spend of the cycle's days. */
export interface MessageChart {
  readonly title: string;
  /** How to read it, and the highest day. */
  readonly note: string;
  /** The value that the axis ends at; null where no day has one. */
  readonly highest: string | null;
  readonly bars: readonly Bar[];
}

/** The longest cycle has 31 days. */
const MAX_BARS = 31;

/** The chart of the days; null where there are none. `today` decides which dates need a year. */
export function chartOf(
  days: readonly MessageDay[],
  { today }: { today: Temporal.PlainDate | null },
): MessageChart | null {
  const shown = days.slice(-MAX_BARS);
  if (shown.length === 0) return null;
  const highest = Math.max(0, ...shown.map(({ spendMicros }) => spendMicros ?? 0));
  const bars = shown.map((day) => barOf(day, { highest, today }));
  const peak = highest === 0 ? undefined : bars.find(({ share }) => share === 1);
  const notes = [
    peak === undefined ? "" : `Highest: ${peak.value} on ${peak.date}`,
    bars.some(({ share, isEstimated }) => isEstimated && share !== null) ? "hatched: estimated" : "",
    bars.some(({ share }) => share === null) ? "–: unknown" : "",
  ].filter((note) => note !== "");
  return { title: "Spend by day", note: notes.join(" · "), highest: peak?.value ?? null, bars };
}

function barOf(
  { date, spendMicros, isEstimated }: MessageDay,
  { highest, today }: { highest: number; today: Temporal.PlainDate | null },
): Bar {
  const day = Temporal.PlainDate.from(date);
  const spend = spendMicros === null ? null : Math.max(0, spendMicros);
  return {
    date: formatDate(day, today ?? day),
    value: formatMicros(spendMicros === null ? null : micros(spendMicros)),
    share: spend === null ? null : highest === 0 ? 0 : spend / highest,
    isEstimated,
  };
}
