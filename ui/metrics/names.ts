/** A metric as the exposition declares it. */
interface MetricInfo {
  readonly type: "gauge" | "counter" | "histogram";
  readonly help: string;
}

/** Every metric. What is unknown has no series; it is never 0. */
export const METRICS = {
  tracker_build_info: { type: "gauge", help: "1; the labels tell the version and what it runs on." },
  tracker_spend_dollars: { type: "gauge", help: "Spend of the current cycle; absent where a part of it is unknown." },
  tracker_known_spend_dollars: { type: "gauge", help: "The part of the current cycle's spend that is known." },
  tracker_spend_info: {
    type: "gauge",
    help: "1; the labels tell which cost counts as spent, and what it is based on.",
  },
  tracker_budget_dollars: { type: "gauge", help: "The budget in force." },
  tracker_budget_status: { type: "gauge", help: "1 for the status of the projection against the budget, else 0." },
  tracker_projected_spend_dollars: { type: "gauge", help: "Projected spend at the cycle's end, by the method in use." },
  tracker_projected_spend_linear_dollars: { type: "gauge", help: "Projected spend by the linear method." },
  tracker_projected_spend_ewma_dollars: { type: "gauge", help: "Projected spend by the weighted average." },
  tracker_projected_spend_low_dollars: { type: "gauge", help: "Lower end of the band that holds 8 of 10 outcomes." },
  tracker_projected_spend_high_dollars: { type: "gauge", help: "Upper end of the band that holds 8 of 10 outcomes." },
  tracker_projection_info: { type: "gauge", help: "1; the label tells the method in use." },
  tracker_cycle_start_timestamp_seconds: { type: "gauge", help: "Start of the current cycle." },
  tracker_cycle_end_timestamp_seconds: { type: "gauge", help: "End of the current cycle." },
  tracker_cycle_tokens: { type: "gauge", help: "Tokens of the current cycle by type and model." },
  tracker_cycle_model_spend_dollars: { type: "gauge", help: "Spend of the current cycle by model." },
  tracker_pool_used_ratio: { type: "gauge", help: "Used part of an allowance; 1 is all of it." },
  tracker_pool_run_out_timestamp_seconds: { type: "gauge", help: "When an allowance is used up at this pace." },
  tracker_last_success_timestamp_seconds: { type: "gauge", help: "When a scrape last saw the figures." },
  tracker_last_success_age_seconds: { type: "gauge", help: "Time since a scrape last saw the figures." },
  tracker_figures_stale: { type: "gauge", help: "1 where the figures are too old to be relied on, else 0." },
  tracker_job_last_success_timestamp_seconds: { type: "gauge", help: "End of a job's last run that succeeded." },
  tracker_job_last_run_duration_seconds: { type: "gauge", help: "How long a job's last finished run took." },
  tracker_job_last_run_succeeded: { type: "gauge", help: "1 where a job's last finished run succeeded, else 0." },
  tracker_runs_running: { type: "gauge", help: "Runs that go on, by job." },
  tracker_runs_total: {
    type: "counter",
    help: "Runs that finished since the start of the server, by job and outcome.",
  },
  tracker_run_duration_seconds: {
    type: "histogram",
    help: "How long runs took since the start of the server, by job and outcome.",
  },
  tracker_alerts_open: { type: "gauge", help: "Alerts that are not over, by kind." },
  tracker_notifications: { type: "gauge", help: "Messages in the outbox, by channel and state; the newest 1000." },
  tracker_http_request_duration_seconds: {
    type: "histogram",
    help: "Time from a request to its answer's head, by route, method and class of status.",
  },
  process_start_time_seconds: { type: "gauge", help: "When the process started." },
  process_cpu_seconds_total: { type: "counter", help: "User and system CPU time." },
  process_resident_memory_bytes: { type: "gauge", help: "Resident memory." },
  process_heap_bytes: { type: "gauge", help: "Memory that JavaScript's heap uses." },
} as const satisfies Readonly<Record<string, MetricInfo>>;

export type MetricName = keyof typeof METRICS;

/** One value of a metric, under its labels. */
export interface Sample {
  readonly name: MetricName;
  readonly value: number;
  readonly labels?: Readonly<Record<string, string>>;
}

/** A sample, or none where the value is unknown. */
export function sample(name: MetricName, value: number | null | undefined, labels?: Sample["labels"]): Sample[] {
  if (value === null || value === undefined) return [];
  return [{ name, value, ...(labels === undefined ? {} : { labels }) }];
}

/** 1 for the state that holds, 0 for the others. */
export function stateSamples(
  name: MetricName,
  { label, states, current }: { label: string; states: readonly string[]; current: string },
): Sample[] {
  return states.map((state) => ({ name, value: state === current ? 1 : 0, labels: { [label]: state } }));
}

/** Micro-dollars as the dollars that metrics are in. */
export function dollarsOf(micros: number | null | undefined): number | null {
  return micros === null || micros === undefined ? null : micros / 1_000_000;
}

/** A moment as the seconds that metrics are in. */
export function secondsOf(at: Temporal.Instant | null | undefined): number | null {
  return at === null || at === undefined ? null : at.epochMilliseconds / 1_000;
}
