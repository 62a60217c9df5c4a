import { cycleEnd, cycleStart } from "../../../domain/cycle.ts";
import { PROJECTION_STATUSES } from "../../../domain/projection/status.ts";
import type { Standing } from "../../../domain/report/standing.ts";
import type { WebServices } from "../app.tsx";
import { dollarsOf, type Sample, sample, secondsOf, stateSamples } from "./names.ts";

/** Pools beyond these are left out: there are two or three. */
const MOST_POOLS = 10;

/** Spend, budget, projection, cycle and pools of the current cycle; nothing where there is none. */
export function spendMetrics({ config }: WebServices, standing: Standing | null): Sample[] {
  if (standing === null) return [];
  const { projection, cycle: { cycle }, pools } = standing;
  const basis = standing.costBasis;
  return [
    ...sample("tracker_spend_dollars", dollarsOf(standing.total)),
    ...sample("tracker_known_spend_dollars", dollarsOf(standing.spend.known)),
    ...sample("tracker_spend_info", 1, { metric: config.spendMetric, basis }),
    ...sample("tracker_budget_dollars", dollarsOf(standing.budget?.amount)),
    ...stateSamples("tracker_budget_status", {
      label: "status",
      states: PROJECTION_STATUSES,
      current: projection.status,
    }),
    ...sample("tracker_projected_spend_dollars", dollarsOf(projection.projected)),
    ...sample("tracker_projected_spend_linear_dollars", dollarsOf(projection.linear)),
    ...sample("tracker_projected_spend_ewma_dollars", dollarsOf(projection.ewma)),
    ...sample("tracker_projected_spend_low_dollars", dollarsOf(projection.low)),
    ...sample("tracker_projected_spend_high_dollars", dollarsOf(projection.high)),
    ...sample("tracker_projection_info", 1, { method: projection.method }),
    ...sample("tracker_cycle_start_timestamp_seconds", secondsOf(cycleStart(cycle))),
    ...sample("tracker_cycle_end_timestamp_seconds", secondsOf(cycleEnd(cycle))),
    ...pools.slice(0, MOST_POOLS).flatMap(({ name, percentUsed, runOut }) => [
      ...sample("tracker_pool_used_ratio", percentUsed === null ? null : percentUsed / 100, { pool: name }),
      ...sample("tracker_pool_run_out_timestamp_seconds", runOut.kind === "at" ? secondsOf(runOut.at) : null, {
        pool: name,
      }),
    ]),
  ];
}
