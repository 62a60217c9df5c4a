import { formatMicros } from "../../money.ts";
import type { PriceAnomaly, SpendAnomaly } from "../../report/anomalies.ts";
import { type AlertRule, NO_CHANGE, openAlerts } from "../rule.ts";

/** Spend or a price far above its own past: one alert per day, over when the day is. */
export const anomaly: AlertRule<"anomaly"> = {
  kind: "anomaly",
  badge: "Unusual",
  tone: "warn",
  opened: () => "Unusual usage",
  cleared: "Usage is as usual again",
  judge(facts) {
    const { cycle } = facts;
    if (cycle === null || cycle.today === null) return NO_CHANGE;
    const dedupeKey = `anomaly:${cycle.today}`;
    const close = openAlerts(facts, "anomaly").filter((alert) => alert.dedupeKey !== dedupeKey)
      .map((alert) => ({ alert, isRecovered: false }));
    const isPast = !cycle.isRunning || cycle.isStale;
    if (isPast || cycle.anomalies.length === 0) return { open: [], close };
    return { open: [{ dedupeKey, details: telling(cycle.anomalies).map(sentence).join(" ") }], close };
  },
};

/** A model that made the whole day stand out is not told a second time for itself. */
function telling(anomalies: readonly (SpendAnomaly | PriceAnomaly)[]): readonly (SpendAnomaly | PriceAnomaly)[] {
  const day = anomalies.find(({ kind }) => kind === "day_spend");
  return anomalies.filter(({ kind, cause }) => kind !== "model_spend" || cause.model !== day?.cause.model);
}

function sentence(found: SpendAnomaly | PriceAnomaly): string {
  const { date, usual, cause: { model, share, hour } } = found;
  const day = date.toString();
  const when = hour === null ? "" : `, most of it from ${String(hour).padStart(2, "0")}:00 on`;
  switch (found.kind) {
    case "day_spend": {
      const by = `${Math.round(share * 100)} % of it by ${model}`;
      return `${formatMicros(found.spend)} was spent on ${day}, usually ${formatMicros(usual)} a day: ${by}${when}.`;
    }
    case "model_spend":
      return `${formatMicros(found.spend)} was spent on ${model} on ${day}, usually ${
        formatMicros(usual)
      } a day${when}.`;
    case "unit_price": {
      const times = found.factor.toFixed(1);
      return `1,000 tokens of ${model} cost ${formatMicros(found.price)} on ${day}, ${times} times the usual ` +
        `${formatMicros(usual)}${when}.`;
    }
  }
}
