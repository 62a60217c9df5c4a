import { type AlertRule, openAlerts } from "../rule.ts";

/** A figure that Cursor no longer sends: one alert until all figures are back. */
export const schemaDrift: AlertRule<"schema_drift"> = {
  kind: "schema_drift",
  badge: "Format change",
  tone: "warn",
  opened: () => "Cursor no longer sends a figure",
  cleared: "Cursor sends all figures again",
  judge(facts) {
    const { figures, since } = facts.lost;
    const open = openAlerts(facts, schemaDrift.kind);
    if (figures.length === 0 || since === null) {
      return { open: [], close: open.map((alert) => ({ alert, isRecovered: true })) };
    }
    if (open.length > 0) return { open: [], close: [] };
    const details = `Cursor no longer sends ${figures.join(", ")}: shown as unknown. Look for a newer tracker; ` +
      "'tracker replay --apply' then reads the kept captures again.";
    return { open: [{ dedupeKey: `schema_drift:${since}`, details, at: since }], close: [] };
  },
};
