import type { PriceAnomaly, SpendAnomaly } from "./anomalies.ts";
import type { SpendMetric } from "./config.ts";
import type { UsageEvent } from "./history/event_index.ts";
import { costOf } from "./history/figures.ts";
import type { Micros } from "./money.ts";

/** Events tell the hour where they come to this part of the spend at least. */
const LEAST_PART = 0.5;

/**
 * The anomalies with the local hour that has the largest part of the day's spend: of all models where the day stands
 * out, of the model where one does. `events` are those of the anomalies' day.
 */
export function withHours<Found extends SpendAnomaly | PriceAnomaly>(
  anomalies: readonly Found[],
  events: readonly UsageEvent[],
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
  events: readonly UsageEvent[],
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
