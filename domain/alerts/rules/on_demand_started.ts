import { formatMicros } from "../../money.ts";
import type { Billed } from "../facts.ts";
import { type AlertRule, NO_CHANGE } from "../rule.ts";

/** The first money that is billed on top of the plan: once per cycle, with what caused it. */
export const onDemandStarted: AlertRule = {
  kind: "on_demand_started",
  judge({ cycle }) {
    if (cycle === null || !cycle.isRunning || cycle.billed === null) return NO_CHANGE;
    const dedupeKey = `on_demand_started:${cycle.name}`;
    return { open: [{ dedupeKey, details: detailsOf(cycle.billed), cycle: cycle.name }], close: [] };
  },
};

function detailsOf({ amount, model, event }: Billed): string {
  const sum = `${formatMicros(amount)} is billed on top of the plan in this cycle`;
  if (event === null) return `${sum}, most of it for ${model}.`;
  const at = event.at.toString({ smallestUnit: "second" });
  return `${sum}. The first was ${formatMicros(event.amount)} for a request to ${event.model} at ${at}.`;
}
