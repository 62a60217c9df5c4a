import type { TokenCounts } from "../capture/usage.ts";
import type { SpendMetric } from "../config.ts";
import type { Day } from "../history/days.ts";
import { costOf, NO_TOKENS } from "../history/figures.ts";
import type { ModelDay } from "../history/model_history.ts";
import { type Micros, sumMicros, ZERO } from "../money.ts";
import { sumTokens } from "./models.ts";

/** How long a span is: a date, a week from Monday on, or a calendar month. */
const SPAN_SIZES = ["day", "week", "month"] as const;
export type SpanSize = typeof SPAN_SIZES[number];

/** A stretch of local dates, both included, and what is known of it. */
export interface DaySpan {
  readonly from: Temporal.PlainDate;
  readonly to: Temporal.PlainDate;
  /** False where nothing is known of any of its dates. */
  readonly isTold: boolean;
  readonly tokens: TokenCounts;
  /** The part of the spend that is known; null where none is. */
  readonly known: Micros | null;
  /** Models whose cost is unknown and therefore not in `known`. */
  readonly unknownModels: readonly string[];
  /** Whether a part of it is a share of a gap over several days. */
  readonly estimated: boolean;
}

/** What spans are made from: days of all models together, and the same days by model. */
interface DaysByModel {
  readonly days: readonly Day[];
  readonly models: readonly ModelDay[];
}

/** Spans in order without a gap, from the first known day's to the last one's. The outer ones end where the days end. */
export function daySpans(
  { days, models }: DaysByModel,
  { metric, size }: { metric: SpendMetric; size: SpanSize },
): DaySpan[] {
  const [first, last] = [days[0]?.date, days.at(-1)?.date];
  if (first === undefined || last === undefined) return [];
  const keyOf = ({ date }: { readonly date: Temporal.PlainDate }) => startOfSpan(date, size).toString();
  const daysOf = Map.groupBy(days, keyOf);
  const modelsOf = Map.groupBy(models, keyOf);
  const spans: DaySpan[] = [];
  for (let start = startOfSpan(first, size); compare(start, last) <= 0; start = startOfNext(start, size)) {
    const key = start.toString();
    const end = startOfNext(start, size).subtract({ days: 1 });
    spans.push({
      from: compare(start, first) < 0 ? first : start,
      to: compare(end, last) > 0 ? last : end,
      ...figuresOf(daysOf.get(key) ?? [], { models: modelsOf.get(key) ?? [], metric }),
    });
  }
  return spans;
}

/** The first date of the date's span. */
function startOfSpan(date: Temporal.PlainDate, size: SpanSize): Temporal.PlainDate {
  if (size === "month") return date.with({ day: 1 });
  return size === "week" ? date.subtract({ days: date.dayOfWeek - 1 }) : date;
}

function startOfNext(start: Temporal.PlainDate, size: SpanSize): Temporal.PlainDate {
  return start.add(size === "month" ? { months: 1 } : { days: size === "week" ? 7 : 1 });
}

function figuresOf(
  days: readonly Day[],
  { models, metric }: { models: readonly ModelDay[]; metric: SpendMetric },
): Omit<DaySpan, "from" | "to"> {
  if (days.length === 0) return { isTold: false, tokens: NO_TOKENS, known: null, unknownModels: [], estimated: false };
  const costs = models.map((day) => costOf(day, metric)).filter((cost) => cost !== null);
  const unknown = models.filter((day) => costOf(day, metric) === null);
  return {
    isTold: true,
    tokens: sumTokens(days.map(({ tokens }) => tokens)),
    known: costs.length === 0 && unknown.length > 0 ? null : sumMicros(costs) ?? ZERO,
    unknownModels: [...new Set(unknown.map(({ model }) => model))],
    estimated: days.some(({ estimated }) => estimated),
  };
}

function compare(a: Temporal.PlainDate, b: Temporal.PlainDate): number {
  return Temporal.PlainDate.compare(a, b);
}
