import type { Notification } from "../../domain/alerts/notification.ts";
import { isStale } from "../../domain/capture/usage.ts";
import { cycleEnd, cycleStart } from "../../domain/cycle.ts";
import { sumMicros } from "../../domain/money.ts";
import { PROJECTION_STATUSES } from "../../domain/projection/projection.ts";
import { figuresByModel, type ModelFigures, sumTokens } from "../../domain/report/models.ts";
import type { Standing } from "../../domain/report/standing.ts";
import { VERSION } from "../../domain/version.ts";
import type { WebServices } from "../web/context.ts";
import { dollarsOf, type Sample, sample, secondsOf, stateSamples } from "./names.ts";
import process from "node:process";

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

/** The costliest models have series of their own, the rest one together: whatever models there will be, no more. */
const MOST_MODELS = 20;
const REST = "other";
const LONGEST_NAME = 100;

/** Tokens by type and spend, by model. */
export function modelMetrics({ config }: WebServices, standing: Standing | null): Sample[] {
  if (standing === null) return [];
  const byModel = figuresByModel(standing.rows);
  const groups = Map.groupBy(byModel, (figures) => labelOf(figures, byModel.indexOf(figures)));
  return [...groups].flatMap(([model, figures]) => {
    const tokens = sumTokens(figures.map((one) => one.tokens));
    const costs = figures.map(({ apiCost, costToYou }) => config.spendMetric === "api_cost" ? apiCost : costToYou);
    const byType = {
      input_with_cache_write: tokens.inputWithCacheWrite,
      input_without_cache_write: tokens.inputWithoutCacheWrite,
      cache_read: tokens.cacheRead,
      output: tokens.output,
    };
    return [
      ...Object.entries(byType).flatMap(([type, count]) => sample("tracker_cycle_tokens", count, { type, model })),
      ...sample("tracker_cycle_model_spend_dollars", dollarsOf(sumMicros(costs)), { model }),
    ];
  });
}

function labelOf({ model }: ModelFigures, place: number): string {
  return place < MOST_MODELS ? model.slice(0, LONGEST_NAME) : REST;
}

/** When figures were last seen; nothing before the first scrape that succeeded. */
export function freshnessMetrics({ stores, clock }: WebServices): Sample[] {
  const latest = stores.usage.latest();
  if (latest === null) return [];
  const now = clock.now();
  return [
    ...sample("tracker_last_success_timestamp_seconds", secondsOf(latest.lastCheckedAt)),
    ...sample("tracker_last_success_age_seconds", latest.lastCheckedAt.until(now).total("seconds")),
    ...sample("tracker_figures_stale", isStale(latest, now) ? 1 : 0),
  ];
}

const STATES = ["pending", "retrying", "delivered", "given_up"] as const;
const NEWEST = 1_000;

/** Open alerts by kind, and messages by channel and state. */
export function alertMetrics({ stores, messaging, alertRules }: WebServices): Sample[] {
  const open = Map.groupBy(stores.alerts.listOpen(), ({ kind }) => kind);
  const sent = Map.groupBy(stores.notifications.list(NEWEST), (one) => `${one.channel} ${stateOf(one)}`);
  return [
    ...alertRules.flatMap(({ kind }) => sample("tracker_alerts_open", open.get(kind)?.length ?? 0, { kind })),
    ...messaging.known.flatMap(({ name: channel }) =>
      STATES.flatMap((state) =>
        sample("tracker_notifications", sent.get(`${channel} ${state}`)?.length ?? 0, { channel, state })
      )
    ),
  ];
}

function stateOf({ deliveredAt, givenUpAt, attempts }: Notification): typeof STATES[number] {
  if (deliveredAt !== null) return "delivered";
  if (givenUpAt !== null) return "given_up";
  return attempts > 0 ? "retrying" : "pending";
}

/** The process and what it is built of. */
export function processMetrics(): Sample[] {
  const { rss, heapUsed } = Deno.memoryUsage();
  const { user, system } = process.cpuUsage();
  return [
    ...sample("tracker_build_info", 1, {
      version: VERSION,
      deno: Deno.version.deno,
      os: Deno.build.os,
      arch: Deno.build.arch,
    }),
    ...sample("process_start_time_seconds", performance.timeOrigin / 1_000),
    ...sample("process_cpu_seconds_total", (user + system) / 1_000_000),
    ...sample("process_resident_memory_bytes", rss),
    ...sample("process_heap_bytes", heapUsed),
  ];
}
