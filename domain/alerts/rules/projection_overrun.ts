import { formatMicros, type Micros } from "../../money.ts";
import type { CycleFacts } from "../facts.ts";
import { type AlertRule, NO_CHANGE, openAlerts } from "../rule.ts";

/** Hysteresis: an overrun is over, and can be told again, only once the projection is back at this part of the budget. */
const CLEAR_PERCENT = 95n;
/** A few hours say nothing about a month. */
const LEAST_DAYS = 1;

/**
 * A cycle that will end above its budget: once per cycle. It is over when the projection is back under 95 % of the
 * budget; only after that a further overrun of the same cycle is a new alert.
 */
export const projectionOverrun: AlertRule<"projection_overrun"> = {
  kind: "projection_overrun",
  badge: "Projection",
  tone: "bad",
  opened: () => "The projection is over the budget",
  cleared: "The projection is back under 95 % of the budget",
  judge(facts) {
    const { cycle } = facts;
    if (cycle === null || !cycle.isRunning || cycle.budget === null || cycle.spend === null) return NO_CHANGE;
    const { budget, spend, projected } = cycle;
    const open = openAlerts(facts, "projection_overrun").filter((alert) => alert.cycle === cycle.name);
    if (open.length > 0) {
      const isUnder = projected !== null && spend <= budget && isBackUnder(projected, budget);
      return { open: [], close: isUnder ? open.map((alert) => ({ alert, isRecovered: true })) : [] };
    }
    const details = overrun(cycle, { budget, spend });
    if (details === null) return NO_CHANGE;
    const earlier = cycle.alerts.filter(({ kind }) => kind === "projection_overrun").length;
    const dedupeKey = `projection_overrun:${cycle.name}:${earlier + 1}`;
    return { open: [{ dedupeKey, details, cycle: cycle.name }], close: [] };
  },
};

function isBackUnder(projected: Micros, budget: Micros): boolean {
  return 100n * BigInt(projected) <= CLEAR_PERCENT * BigInt(budget);
}

function overrun(
  { projected, daysElapsed }: CycleFacts,
  { budget, spend }: { budget: Micros; spend: Micros },
): string | null {
  if (spend > budget) return `${formatMicros(spend)} is spent already, of a budget of ${formatMicros(budget)}.`;
  if (projected === null || projected <= budget || daysElapsed === null || daysElapsed < LEAST_DAYS) return null;
  return `The cycle is going to end at ${formatMicros(projected)}, ${formatMicros(spend)} of it spent so far; ` +
    `the budget is ${formatMicros(budget)}.`;
}
