import type { Alert, AlertKind } from "./alert.ts";
import type { AlertFacts } from "./facts.ts";
import type { AlertRule, Closing, Opening } from "./rule.ts";
import { anomaly } from "./rules/anomaly.ts";
import { noData24h } from "./rules/no_data_24h.ts";
import { onDemandStarted } from "./rules/on_demand_started.ts";
import { projectionOverrun } from "./rules/projection_overrun.ts";
import { schemaDrift } from "./rules/schema_drift.ts";
import { scrapeError } from "./rules/scrape_error.ts";
import { thresholdHit } from "./rules/threshold_hit.ts";

/** Every rule; a new one is one file and one line here. */
const RULES = [
  thresholdHit,
  projectionOverrun,
  scrapeError,
  noData24h,
  onDemandStarted,
  anomaly,
  schemaDrift,
] as const satisfies readonly AlertRule[];

/** What all rules make of the facts. */
export function judge(facts: AlertFacts): {
  open: readonly (Opening & { kind: AlertKind })[];
  close: readonly Closing[];
} {
  const verdicts = RULES.map((rule) => ({ kind: rule.kind, ...rule.judge(facts) }));
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
