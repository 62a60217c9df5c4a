import type { Notification } from "../../domain/alerts/notification.ts";
import { isStale } from "../../domain/capture/usage.ts";
import { cycleEnd, cycleStart } from "../../domain/cycle.ts";
import { PROJECTION_STATUSES } from "../../domain/projection/projection.ts";
import { VERSION } from "../../domain/version.ts";
import { dollars, type Durations, type Figure, type Metric, type Sample, seconds, states } from "./metric.ts";
import { durationOf, type JobState, OUTCOMES } from "./run_tally.ts";
import type { Seen } from "./seen.ts";
import process from "node:process";

/** How long answers took. */
export const HTTP_SECONDS = durations(
  "tracker_http_request_duration_seconds",
  "Time from a request to its answer's head, by route, method and class of status.",
  {
    labels: ["route", "method", "status"],
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  },
);

/** How long runs took. */
export const RUN_SECONDS = durations(
  "tracker_run_duration_seconds",
  "How long runs took since the start of the server, by job and outcome.",
  { labels: ["job", "outcome"], buckets: [1, 2.5, 5, 10, 20, 30, 60, 120, 300, 600, 1_800] },
);

/** Every metric; a new one is one entry here. What is unknown has no series; it is never 0. */
export const METRICS: readonly Metric[] = [
  gauge("tracker_spend_dollars", "Spend of the current cycle; absent where a part of it is unknown.", {
    collect: ({ standing }) => dollars(standing?.total),
  }),
  gauge("tracker_known_spend_dollars", "The part of the current cycle's spend that is known.", {
    collect: ({ standing }) => dollars(standing?.spend.known),
  }),
  gauge("tracker_spend_info", "1; the labels tell which cost counts as spent, and what it is based on.", {
    labels: ["metric", "basis"],
    collect: ({ standing, config }) =>
      standing === null ? null : [[{ metric: config.spendMetric, basis: standing.costBasis }, 1]],
  }),
  gauge("tracker_budget_dollars", "The budget in force.", {
    collect: ({ standing }) => dollars(standing?.budget?.amount),
  }),
  gauge("tracker_budget_status", "1 for the status of the projection against the budget, else 0.", {
    labels: ["status"],
    collect: ({ standing }) =>
      standing && states("status", { all: PROJECTION_STATUSES, current: standing.projection.status }),
  }),
  gauge("tracker_projected_spend_dollars", "Projected spend at the cycle's end, by the method in use.", {
    collect: ({ standing }) => dollars(standing?.projection.projected),
  }),
  gauge("tracker_projected_spend_linear_dollars", "Projected spend by the linear method.", {
    collect: ({ standing }) => dollars(standing?.projection.linear),
  }),
  gauge("tracker_projected_spend_ewma_dollars", "Projected spend by the weighted average.", {
    collect: ({ standing }) => dollars(standing?.projection.ewma),
  }),
  gauge("tracker_projected_spend_low_dollars", "Lower end of the band that holds 8 of 10 outcomes.", {
    collect: ({ standing }) => dollars(standing?.projection.low),
  }),
  gauge("tracker_projected_spend_high_dollars", "Upper end of the band that holds 8 of 10 outcomes.", {
    collect: ({ standing }) => dollars(standing?.projection.high),
  }),
  gauge("tracker_projection_info", "1; the label tells the method in use.", {
    labels: ["method"],
    collect: ({ standing }) => standing && [[{ method: standing.projection.method }, 1]],
  }),
  gauge("tracker_cycle_start_timestamp_seconds", "Start of the current cycle.", {
    collect: ({ standing }) => standing && seconds(cycleStart(standing.cycle.cycle)),
  }),
  gauge("tracker_cycle_end_timestamp_seconds", "End of the current cycle.", {
    collect: ({ standing }) => standing && seconds(cycleEnd(standing.cycle.cycle)),
  }),
  gauge("tracker_pool_used_ratio", "Used part of an allowance; 1 is all of it.", {
    labels: ["pool"],
    collect: ({ pools }) =>
      pools.map(({ name, percentUsed }) => [{ pool: name }, percentUsed === null ? null : percentUsed / 100]),
  }),
  gauge("tracker_pool_run_out_timestamp_seconds", "When an allowance is used up at this pace.", {
    labels: ["pool"],
    collect: ({ pools }) =>
      pools.map(({ name, runOut }) => [{ pool: name }, runOut.kind === "at" ? seconds(runOut.at) : null]),
  }),
  gauge("tracker_cycle_tokens", "Tokens of the current cycle by type and model.", {
    labels: ["type", "model"],
    collect: ({ models }) =>
      models.flatMap(({ model, tokens }): Sample[] => [
        [{ type: "input_with_cache_write", model }, tokens.inputWithCacheWrite],
        [{ type: "input_without_cache_write", model }, tokens.inputWithoutCacheWrite],
        [{ type: "cache_read", model }, tokens.cacheRead],
        [{ type: "output", model }, tokens.output],
      ]),
  }),
  gauge("tracker_cycle_model_spend_dollars", "Spend of the current cycle by model.", {
    labels: ["model"],
    collect: ({ models }) => models.map(({ model, spend }) => [{ model }, dollars(spend)]),
  }),
  gauge("tracker_last_success_timestamp_seconds", "When a scrape last saw the figures.", {
    collect: ({ latest }) => seconds(latest?.lastCheckedAt),
  }),
  gauge("tracker_last_success_age_seconds", "Time since a scrape last saw the figures.", {
    collect: ({ latest, now }) => latest?.lastCheckedAt.until(now).total("seconds"),
  }),
  gauge("tracker_figures_stale", "1 where the figures are too old to be relied on, else 0.", {
    collect: ({ latest, now }) => latest && Number(isStale(latest, now)),
  }),
  gauge("tracker_job_last_success_timestamp_seconds", "End of a job's last run that succeeded.", {
    labels: ["job"],
    collect: (seen) => byJob(seen, ({ lastSuccess }) => seconds(lastSuccess?.finishedAt)),
  }),
  gauge("tracker_job_last_run_duration_seconds", "How long a job's last finished run took.", {
    labels: ["job"],
    collect: (seen) => byJob(seen, ({ lastFinished }) => lastFinished && durationOf(lastFinished)),
  }),
  gauge("tracker_job_last_run_succeeded", "1 where a job's last finished run succeeded, else 0.", {
    labels: ["job"],
    collect: (seen) => byJob(seen, ({ lastFinished }) => lastFinished && Number(lastFinished.status === "succeeded")),
  }),
  gauge("tracker_runs_running", "Runs that go on, by job.", {
    labels: ["job"],
    collect: (seen) => byJob(seen, ({ running }) => running),
  }),
  counter("tracker_runs_total", "Runs that finished since the start of the server, by job and outcome.", {
    labels: ["job", "outcome"],
    collect: ({ jobs }) =>
      [...jobs].flatMap(([job, { finished }]) =>
        OUTCOMES.map((outcome): Sample => [{ job, outcome }, finished.get(outcome) ?? 0])
      ),
  }),
  gauge("tracker_alerts_open", "Alerts that are not over, by kind.", {
    labels: ["kind"],
    collect: ({ alertRules, openAlerts }) =>
      alertRules.map(({ kind }) => [{ kind }, openAlerts.filter((alert) => alert.kind === kind).length]),
  }),
  gauge("tracker_notifications", "Messages in the outbox, by channel and state; the newest 1000.", {
    labels: ["channel", "state"],
    collect: ({ channels, notifications }) => {
      const sent = Map.groupBy(notifications, (one) => `${one.channel} ${deliveryOf(one)}`);
      return channels.flatMap(({ name: channel }) =>
        DELIVERIES.map((state): Sample => [{ channel, state }, sent.get(`${channel} ${state}`)?.length ?? 0])
      );
    },
  }),
  gauge("tracker_build_info", "1; the labels tell the version and what it runs on.", {
    labels: ["version", "deno", "os", "arch"],
    collect: () => [
      [{ version: VERSION, deno: Deno.version.deno, os: Deno.build.os, arch: Deno.build.arch }, 1],
    ],
  }),
  gauge("process_start_time_seconds", "When the process started.", { collect: () => performance.timeOrigin / 1_000 }),
  counter("process_cpu_seconds_total", "User and system CPU time.", {
    collect: () => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1_000_000;
    },
  }),
  gauge("process_resident_memory_bytes", "Resident memory.", { collect: () => Deno.memoryUsage().rss }),
  gauge("process_heap_bytes", "Memory that JavaScript's heap uses.", { collect: () => Deno.memoryUsage().heapUsed }),
  RUN_SECONDS,
  HTTP_SECONDS,
];

type FigureOptions = Pick<Figure, "collect"> & Partial<Pick<Figure, "labels">>;

function gauge(name: string, help: string, { labels = [], collect }: FigureOptions): Figure {
  return { name, help, kind: "gauge", labels, collect };
}

function counter(name: string, help: string, { labels = [], collect }: FigureOptions): Figure {
  return { name, help, kind: "counter", labels, collect };
}

function durations(name: string, help: string, options: Pick<Durations, "labels" | "buckets">): Durations {
  return { name, help, kind: "histogram", ...options };
}

function byJob({ jobs }: Seen, value: (state: JobState) => number | null): Sample[] {
  return Array.from(jobs, ([job, state]) => [{ job }, value(state)]);
}

const DELIVERIES = ["pending", "retrying", "delivered", "given_up"] as const;

function deliveryOf({ deliveredAt, givenUpAt, attempts }: Notification): typeof DELIVERIES[number] {
  if (deliveredAt !== null) return "delivered";
  if (givenUpAt !== null) return "given_up";
  return attempts > 0 ? "retrying" : "pending";
}
