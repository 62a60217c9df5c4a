import { type AlertRule, openAlerts } from "../rule.ts";

/**
 * A figure that Cursor no longer sends: one alert until all figures are back. The scrape that misses or finds them opens
 * and clears it; what is left here is one whose figures came back otherwise.
 */
export const schemaDrift: AlertRule = {
  kind: "schema_drift",
  judge(facts) {
    const over = facts.lostFigures.length === 0 ? openAlerts(facts, "schema_drift") : [];
    return { open: [], close: over.map((alert) => ({ alert, isRecovered: true })) };
  },
};
