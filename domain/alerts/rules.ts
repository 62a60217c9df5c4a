import type { Alert } from "./alert.ts";
import type { AlertFacts } from "./facts.ts";
import { type AlertRule, type Closing, NO_CHANGE, type Opening } from "./rule.ts";
import { anomaly } from "./rules/anomaly.ts";
import { noData24h } from "./rules/no_data_24h.ts";
import { onDemandStarted } from "./rules/on_demand_started.ts";
import { projectionOverrun } from "./rules/projection_overrun.ts";
import { schemaDrift } from "./rules/schema_drift.ts";
import { scrapeError } from "./rules/scrape_error.ts";
import { thresholdHit } from "./rules/threshold_hit.ts";

/** Every rule; a new one is one file and one line here. */
export const ALERT_RULES = [
  thresholdHit,
  projectionOverrun,
  scrapeError,
  noData24h,
  onDemandStarted,
  anomaly,
  schemaDrift,
] as const satisfies readonly AlertRule[];

/** The kinds of alerts that this version opens. */
export type AlertKind = typeof ALERT_RULES[number]["kind"];

/** How an alert reads whose rule this version does not have. */
const UNKNOWN_RULE: Omit<AlertRule, "kind"> = {
  badge: "Alert",
  tone: "warn",
  opened: ([alert]) => `An alert of a kind that this version does not know: ${alert?.kind ?? "?"}`,
  cleared: "An alert of a kind that this version does not know is over",
  judge: () => NO_CHANGE,
};

/** The rule of a kind. */
export function ruleOf(kind: string, rules: readonly AlertRule[] = ALERT_RULES): AlertRule {
  return rules.find((rule) => rule.kind === kind) ?? { ...UNKNOWN_RULE, kind };
}

/** What all rules make of the facts. */
export function judge(facts: AlertFacts, rules: readonly AlertRule[] = ALERT_RULES): {
  open: readonly (Opening & { kind: string })[];
  close: readonly Closing[];
} {
  const verdicts = rules.map((rule) => ({ kind: rule.kind, ...rule.judge(facts) }));
  const ofPast = facts.open.filter((alert) => isOfPastCycle(alert, facts)).map((alert) => ({
    alert,
    isRecovered: false,
  }));
  return {
    open: verdicts.flatMap(({ kind, open }) => open.map((opening) => ({ ...opening, kind }))),
    close: [...ofPast, ...verdicts.flatMap(({ close }) => close)],
  };
}

/** A new cycle ends the alerts of those before it. The page may show the old one once more, which ends nothing. */
function isOfPastCycle({ cycle: name, triggeredAt }: Alert, { cycle }: AlertFacts): boolean {
  if (name === null || cycle === null || name === cycle.name) return false;
  return Temporal.Instant.compare(triggeredAt, cycle.firstCapturedAt) < 0;
}
