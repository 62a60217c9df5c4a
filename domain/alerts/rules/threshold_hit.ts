import { formatMicros, type Micros, micros } from "../../money.ts";
import type { AlertFacts, CycleFacts } from "../facts.ts";
import { type AlertRule, NO_CHANGE, openAlerts } from "../rule.ts";

/** Something that usage can pass: an amount, a part of the budget, or a part of a pool. */
interface Mark {
  readonly id: string;
  readonly isPassed: boolean;
  readonly details: string;
}

/**
 * Usage that passed an amount of THRESHOLDS, or a percentage of ALERT_PERCENTS of the budget or of a pool: each once per
 * cycle. Another budget has marks of its own. A figure that falls again leaves its alert open: once told, it stays told
 * until the cycle is over.
 */
export const thresholdHit: AlertRule<"threshold_hit"> = {
  kind: "threshold_hit",
  badge: "Threshold",
  tone: "warn",
  opened(alerts) {
    const marks = alerts.map(({ dedupeKey }) => markLabel(dedupeKey));
    const subject = marks.some(({ isPool }) => isPool) ? "Usage" : "Spend";
    return `${subject} passed ${listText(marks.map(({ label }) => label))}`;
  },
  cleared: "Usage is below the threshold again",
  isOneNews: true,
  judge(facts) {
    const { cycle } = facts;
    if (cycle === null || !cycle.isRunning) return NO_CHANGE;
    const keyOf = (id: string) => `threshold_hit:${cycle.name}:${id}`;
    const open = marks(facts, cycle).filter(({ isPassed }) => isPassed)
      .map(({ id, details }) => ({ dedupeKey: keyOf(id), details, cycle: cycle.name }));
    const budget = cycle.budget === null ? null : `:${cycle.budget}`;
    const close = openAlerts(facts, "threshold_hit").filter(({ dedupeKey }) => {
      const isOfBudget = dedupeKey.startsWith(keyOf("budget:"));
      return isOfBudget && budget !== null && !dedupeKey.endsWith(budget);
    }).map((alert) => ({ alert, isRecovered: false }));
    return { open, close };
  },
};

/** What was passed, by an alert's dedupe key: "$10.00", "80 % of the budget of $20.00", "80 % of Cursor Models". */
function markLabel(dedupeKey: string): { label: string; isPool: boolean } {
  const [, , kind = "", limit = "", ...rest] = dedupeKey.replace(/^(threshold_hit):since [^Z]*Z/, "$1:").split(":");
  const last = rest.join(":");
  if (kind === "budget") return { label: `${limit} % of the budget of ${dollars(last)}`, isPool: false };
  if (kind === "pool") return { label: `${limit} % of ${last}`, isPool: true };
  return { label: dollars(limit), isPool: false };
}

/** "a", "a and b", "a, b and c". */
function listText(parts: readonly string[]): string {
  const last = parts.at(-1) ?? "";
  return parts.length < 2 ? last : `${parts.slice(0, -1).join(", ")} and ${last}`;
}

function marks({ limits }: AlertFacts, { spend, budget, pools }: CycleFacts): Mark[] {
  const amounts = limits.thresholds.map((limit): Mark => ({
    id: `spend:${limit}`,
    isPassed: spend !== null && spend >= limit,
    details: `${formatMicros(spend)} is spent in this cycle.`,
  }));
  const ofBudget = limits.percents.map((percent): Mark => ({
    id: `budget:${percent}:${budget}`,
    isPassed: spend !== null && budget !== null && budget > 0 && reaches(spend, { percent, of: budget }),
    details: `${formatMicros(spend)} of the budget of ${formatMicros(budget)} is spent.`,
  }));
  const ofPools = pools.flatMap(({ name, percentUsed }) =>
    limits.percents.map((percent): Mark => ({
      id: `pool:${percent}:${name}`,
      isPassed: percentUsed !== null && percentUsed >= percent,
      details: `${percentUsed === null ? "?" : Math.floor(percentUsed * 10) / 10} % of "${name}" is used.`,
    }))
  );
  return [...amounts, ...ofBudget, ...ofPools];
}

/** Exact: no part of a cent is lost on the way. */
function reaches(spend: Micros, { percent, of }: { percent: number; of: Micros }): boolean {
  return BigInt(spend) * 100n >= BigInt(of) * BigInt(percent);
}

function dollars(text: string): string {
  return /^\d+$/.test(text) ? formatMicros(micros(Number(text))) : "?";
}
