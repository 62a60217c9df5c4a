import type { DaySpan, SpanSize } from "../../domain/report/spans.ts";
import { formatDate, formatMonth, formatWeekday } from "../words/format.ts";
import type { ByDay } from "./by_day.ts";

/** What the page's script draws: figures and words, no looks but the names of colour tokens. */
export interface Chart {
  /** Lines over time, bars or areas one above the other, or one bar per row. */
  readonly kind: "lines" | "bars" | "areas" | "rows";
  readonly unit: "dollars" | "price" | "tokens" | "share";
  /** What each point is called. */
  readonly names: readonly string[];
  /** Where points are on the axis. Default: evenly, one after another. */
  readonly at?: readonly number[];
  /** The axis' labels, of which the script shows as many as there is room for. */
  readonly ticks: readonly Tick[];
  readonly series: readonly Series[];
  /** Level lines with their name beside them. */
  readonly marks?: readonly Mark[];
  /** A level of each bar's own, such as the budget of its time; the name is the last one's. */
  readonly steps?: { readonly text: string; readonly color: string; readonly values: readonly (number | null)[] };
  /** The first bar that may still change. */
  readonly openFrom?: number;
}

/** A label of the axis over time. */
export interface Tick {
  readonly at: number;
  readonly text: string;
}

/** A line, a layer, or what a bar is partly made of; values are dollars, counts, or shares from 0 to 1. */
export interface Series {
  readonly name: string;
  /** A colour token, such as "series-1". */
  readonly color: string;
  /** Null where there is nothing to draw. */
  readonly values: readonly (number | null)[];
  /** The lower edge of a band whose upper one are the values. */
  readonly low?: readonly (number | null)[];
  readonly look?: "dashed" | "hatched";
  /** Stands beside the line's end. */
  readonly end?: string;
  /** A bar's own colour where bars differ. */
  readonly colors?: readonly string[];
}

/** A level, such as the budget. */
export interface Mark {
  readonly text: string;
  readonly value: number;
  readonly color: string;
  readonly isDashed?: boolean;
}

/** JSON that can stand in an HTML script element: nothing in it can end the element. */
export function jsonForScript(data: unknown): string {
  return JSON.stringify(data).replaceAll("<", "\\u003c").replaceAll("\u2028", "\\u2028").replaceAll(
    "\u2029",
    "\\u2029",
  );
}

/** "2026 Nov 10" in words that fit an axis: "10 Nov", and "Nov 2026" for a month. */
function tickText(from: Temporal.PlainDate, { size, today }: { size: SpanSize; today: Temporal.PlainDate }) {
  return size === "month" ? formatMonth(from) : formatDate(from, today);
}

/** The span as a tooltip or a table names it: "Sat 21 Nov", "16 Nov – 22 Nov", "Nov 2026". */
export function spanName({ from, to }: DaySpan, { size, today }: { size: SpanSize; today: Temporal.PlainDate }) {
  if (size === "day") return `${formatWeekday(from)} ${formatDate(from, today)}`;
  return size === "week" ? `${formatDate(from, today)} – ${formatDate(to, today)}` : tickText(from, { size, today });
}

/** The axis of spans. */
export function spanTicks({ spans, size, today }: ByDay): Tick[] {
  return spans.map(({ from }, at) => ({ at, text: tickText(from, { size, today }) }));
}

/** "per day, in the cycle". */
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
