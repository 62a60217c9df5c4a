import { formatMicros } from "../../money.ts";
import type { Billed } from "../facts.ts";
import { type AlertRule, NO_CHANGE } from "../rule.ts";

/** The first money that is billed on top of the plan: once per cycle, with what caused it. */
export const onDemandStarted: AlertRule<"on_demand_started"> = {
  kind: "on_demand_started",
  badge: "On demand",
  tone: "bad",
  opened: () => "On-demand usage has started",
  cleared: "On-demand usage has ended",
  judge({ cycle }) {
    // Events of a whole cycle are many: they are read until the alert that they explain is open.
    const isTold = cycle?.alerts.some(({ kind }) => kind === onDemandStarted.kind);
    if (cycle === null || !cycle.isRunning || isTold) return NO_CHANGE;
    const billed = cycle.billed();
    if (billed === null) return NO_CHANGE;
    const dedupeKey = `on_demand_started:${cycle.name}`;
    return { open: [{ dedupeKey, details: detailsOf(billed), cycle: cycle.name }], close: [] };
  },
};

function detailsOf({ amount, model, event }: Billed): string {
  const sum = `${formatMicros(amount)} is billed on top of the plan in this cycle`;
  if (event === null) return `${sum}, most of it for ${model}.`;
  const at = event.at.toString({ smallestUnit: "second" });
  return `${sum}. The first was ${formatMicros(event.amount)} for a request to ${event.model} at ${at}.`;
}
