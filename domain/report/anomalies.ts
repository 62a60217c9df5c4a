import type { SpendMetric } from "../config.ts";
import { costOf } from "../history/figures.ts";
import type { ModelDay } from "../history/model_history.ts";
import type { OwnEvent } from "../history/own_events.ts";
import { type Micros, micros } from "../money.ts";

/** One model's spend on one local day, with the quantity that a unit price is taken over. Unknown spend is null. */
export interface ModelDaySpend {
  readonly date: Temporal.PlainDate;
  readonly model: string;
  readonly spend: Micros | null;
  /** Requests, or thousands of tokens. */
  readonly quantity: number;
}

/** The days as they are judged: spend under the metric, priced per 1,000 tokens. */
export function perThousandTokens(days: Iterable<ModelDay>, metric: SpendMetric): ModelDaySpend[] {
  return Array.from(days, (day) => (
    { date: day.date, model: day.model, spend: costOf(day, metric), quantity: day.tokens.total / 1000 }
  ));
}

/** The model that rose most above its own usual day, and its part of the day. */
interface Cause {
  readonly model: string;
  readonly date: Temporal.PlainDate;
  /** The model's part of the day's spend, 0 to 1. */
  readonly share: number;
  /** The local hour (0 to 23) with the largest part of the spend; null where no events tell it. */
  readonly hour: number | null;
}

/** Spend far above its own past. */
export interface SpendAnomaly {
  readonly kind: "day_spend" | "model_spend";
  readonly date: Temporal.PlainDate;
  readonly spend: Micros;
  /** Median of the days compared with. */
  readonly usual: Micros;
  /** Robust z-score: how many typical deviations above the usual. */
  readonly score: number;
  readonly cause: Cause;
}

/** A unit price that rose. */
export interface PriceAnomaly {
  readonly kind: "unit_price";
  readonly date: Temporal.PlainDate;
  /** Micro-dollars per unit of quantity. */
  readonly price: Micros;
  readonly usual: Micros;
  /** price / usual. */
  readonly factor: number;
  readonly cause: Cause;
}

interface AnomalyLimits {
  /** A spend is far from its past from this robust z-score on. */
  readonly score: number;
  /** …and only where it is this much above the usual. */
  readonly leastExcess: Micros;
  /** A unit price is far from its past from this many times the usual on. */
  readonly priceFactor: number;
  /** Quantity that a day needs for its unit price to mean something. */
  readonly leastQuantity: number;
}

/** 3.5 is the customary limit of the robust z-score (Iglewicz and Hoaglin, 1993). */
export const ANOMALY_LIMITS: AnomalyLimits = {
  score: 3.5,
  leastExcess: micros(1_000_000),
  priceFactor: 1.5,
  leastQuantity: 10,
};

/** A day is compared with the newest days of use before it: this many at most, and not with fewer than the least. */
const MOST_DAYS = 28;
const LEAST_DAYS = 7;
/** The standard deviation of a normal distribution is this many median absolute deviations. */
const DEVIATIONS_PER_MAD = 1.4826;
/** A past that hardly varies counts as varying by this part of its median, and by a cent at least. */
const LEAST_SPREAD = 0.05;
const CENT = 10_000;

/**
 * What was out of the ordinary on the date: the day's spend, each model's spend, each model's price per unit. Only
 * rises count. A day is compared with days of use (spend above zero), so that free week-ends do not make Monday odd.
 * Score = (spend − median) / max(1.4826 × MAD, 5 % of the median, one cent).
 */
export function anomaliesOn(
  date: Temporal.PlainDate,
  days: Iterable<ModelDaySpend>,
  limits: AnomalyLimits = ANOMALY_LIMITS,
): (SpendAnomaly | PriceAnomaly)[] {
  const known = Array.from(days).filter((day): day is KnownSpend => day.spend !== null && day.spend > 0);
  const today = known.filter((day) => day.date.equals(date));
  const past = known.filter((day) => Temporal.PlainDate.compare(day.date, date) < 0)
    .sort((a, b) => Temporal.PlainDate.compare(a.date, b.date));
  const total = today.reduce((sum, { spend }) => sum + spend, 0);
  const causeOf = ({ model, spend }: KnownSpend): Cause => ({ model, date, share: spend / total, hour: null });
  const excess = ({ model, spend }: KnownSpend) => spend - median(spendsOf(model, past).slice(-MOST_DAYS));
  const top = today.toSorted((a, b) => excess(b) - excess(a))[0];
  if (top === undefined) return [];
  const ofModels = today.flatMap((day) => {
    const own = past.filter(({ model }) => model === day.model);
    const cause = causeOf(day);
    return [
      spendAnomaly({ kind: "model_spend", date, spend: day.spend, cause }, spendsOf(day.model, past), limits),
      priceAnomaly(day, { own, cause, limits }),
    ];
  });
  const ofDay = spendAnomaly(
    { kind: "day_spend", date, spend: micros(total), cause: causeOf(top) },
    daySums(past),
    limits,
  );
  return [ofDay, ...ofModels].filter((found) => found !== null);
}

type KnownSpend = ModelDaySpend & { readonly spend: Micros };

/** The robust z-score of a spend against past ones; null where these are too few. */
export function robustScore(spend: number, past: readonly number[]): { score: number; usual: number } | null {
  const recent = past.slice(-MOST_DAYS);
  if (recent.length < LEAST_DAYS) return null;
  const usual = median(recent);
  const mad = median(recent.map((value) => Math.abs(value - usual)));
  const spread = Math.max(DEVIATIONS_PER_MAD * mad, LEAST_SPREAD * usual, CENT);
  return { score: (spend - usual) / spread, usual };
}

function spendAnomaly(
  found: Pick<SpendAnomaly, "kind" | "date" | "spend" | "cause">,
  past: readonly number[],
  limits: AnomalyLimits,
): SpendAnomaly | null {
  const scored = robustScore(found.spend, past);
  if (scored === null || scored.score < limits.score || found.spend - scored.usual < limits.leastExcess) return null;
  return { ...found, usual: micros(Math.round(scored.usual)), score: scored.score };
}

function priceAnomaly(
  day: KnownSpend,
  { own, cause, limits }: { own: readonly KnownSpend[]; cause: Cause; limits: AnomalyLimits },
): PriceAnomaly | null {
  const past = own.filter(({ quantity }) => quantity >= limits.leastQuantity).slice(-MOST_DAYS);
  if (past.length < LEAST_DAYS || day.quantity < limits.leastQuantity) return null;
  const usual = median(past.map(({ spend, quantity }) => spend / quantity));
  const price = day.spend / day.quantity;
  const factor = price / usual;
  if (factor < limits.priceFactor) return null;
  const [priceMicros, usualMicros] = [micros(Math.round(price)), micros(Math.round(usual))];
  return { kind: "unit_price", date: day.date, price: priceMicros, usual: usualMicros, factor, cause };
}

function spendsOf(model: string, days: readonly KnownSpend[]): number[] {
  return days.filter((day) => day.model === model).map(({ spend }) => spend);
}

/** The spend of each day, all models together, in order. */
function daySums(days: readonly KnownSpend[]): number[] {
  const groups = Map.groupBy(days, ({ date }) => date.toString());
  return Array.from(groups.values(), (group) => group.reduce((sum, { spend }) => sum + spend, 0));
}

/** The middle value; zero where there is none. */
function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}

/** Events tell the hour where they come to this part of the spend at least. */
const LEAST_PART = 0.5;

/**
 * The anomalies with the local hour that has the largest part of the day's spend: of all models where the day stands
 * out, of the model where one does. `events` are those of the anomalies' day.
 */
export function withHours<Found extends SpendAnomaly | PriceAnomaly>(
  anomalies: readonly Found[],
  events: readonly OwnEvent[],
  { metric, timeZone, spendOf }: {
    metric: SpendMetric;
    timeZone: string;
    /** The day's spend, of one model or (null) of all; null where it is unknown. */
    spendOf: (model: string | null) => Micros | null;
  },
): Found[] {
  return anomalies.map((found) => {
    const model = found.kind === "day_spend" ? null : found.cause.model;
    const own = model === null ? events : events.filter((event) => event.model === model);
    const hour = busiestHour(own, { metric, timeZone, spend: spendOf(model) });
    return { ...found, cause: { ...found.cause, hour } };
  });
}

/** The local hour (0 to 23) with the largest spend, the first of equals; null where the events do not tell it. */
export function busiestHour(
  events: readonly OwnEvent[],
  { metric, timeZone, spend }: { metric: SpendMetric; timeZone: string; spend: Micros | null },
): number | null {
  const sums = new Map<number, number>();
  let total = 0;
  for (const event of events) {
    const cost = costOf(event, metric);
    // What is not known could be the largest part.
    if (cost === null) return null;
    const { hour } = event.at.toZonedDateTimeISO(timeZone);
    sums.set(hour, (sums.get(hour) ?? 0) + cost);
    total += cost;
  }
  if (total === 0 || spend === null || total < LEAST_PART * spend) return null;
  const [busiest] = [...sums].sort(([hourA, a], [hourB, b]) => b - a || hourA - hourB);
  return busiest?.[0] ?? null;
}
