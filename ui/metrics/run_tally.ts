import type { Run, RunControl } from "../../domain/runs/run.ts";
import { DurationHistogram } from "./http_timings.ts";
import { METRICS, type Sample, sample, secondsOf } from "./names.ts";

const OUTCOMES = ["succeeded", "failed", "cancelled"] as const;
const BUCKETS = [1, 2.5, 5, 10, 20, 30, 60, 120, 300, 600, 1_800];

/** The first look goes far back, for each job's last runs; later ones only at what may be new. */
const FIRST_LOOK = 2_000;
const LATER_LOOK = 200;

/** What is known of a job. */
interface JobState {
  lastFinished: Run | null;
  lastSuccess: Run | null;
  running: number;
  readonly finished: Map<string, number>;
}

/**
 * Counts runs as they finish. Counters begin with 0 when the server starts, as Prometheus takes it: old runs are pruned
 * from the store, and a counter must not fall.
 */
export class RunTally {
  readonly histogram = new DurationHistogram({
    name: "tracker_run_duration_seconds",
    help: METRICS.tracker_run_duration_seconds.help,
    buckets: BUCKETS,
  });
  readonly #runs: Pick<RunControl, "list">;
  readonly #startedAt: Temporal.Instant;
  readonly #jobs = new Map<string, JobState>();
  /** What of the last look was finished, so that nothing counts twice; a retried run ends once more. */
  #seen: ReadonlySet<string> | null = null;

  constructor({ runs, startedAt }: { runs: Pick<RunControl, "list">; startedAt: Temporal.Instant }) {
    this.#runs = runs;
    this.#startedAt = startedAt;
  }

  /** Takes in what has finished since the last look, and tells how the jobs stand. */
  samples(): Sample[] {
    const runs = this.#runs.list({ limit: this.#seen === null ? FIRST_LOOK : LATER_LOOK });
    const seen = new Set<string>();
    for (const job of this.#jobs.values()) job.running = 0;
    for (const run of runs.toReversed()) {
      const job = this.#jobOf(run.job);
      if (run.finishedAt === null) {
        job.running++;
        continue;
      }
      const key = `${run.id} ${run.finishedAt}`;
      seen.add(key);
      if (this.#seen?.has(key) !== true) this.#take(job, { run, finishedAt: run.finishedAt });
    }
    this.#seen = seen;
    return [...this.#jobs].flatMap(([name, job]) => samplesOf(name, job));
  }

  #jobOf(name: string): JobState {
    const known = this.#jobs.get(name);
    if (known !== undefined) return known;
    const job: JobState = {
      lastFinished: null,
      lastSuccess: null,
      running: 0,
      finished: new Map(OUTCOMES.map((outcome) => [outcome, 0])),
    };
    this.#jobs.set(name, job);
    return job;
  }

  #take(job: JobState, { run, finishedAt }: { run: Run; finishedAt: Temporal.Instant }): void {
    if (isLater(run, job.lastFinished)) job.lastFinished = run;
    if (run.status === "succeeded" && isLater(run, job.lastSuccess)) job.lastSuccess = run;
    if (Temporal.Instant.compare(finishedAt, this.#startedAt) < 0) return;
    job.finished.set(run.status, (job.finished.get(run.status) ?? 0) + 1);
    const seconds = durationOf(run);
    if (seconds !== null) this.histogram.series({ job: run.job, outcome: run.status }).observe(seconds);
  }
}

function isLater({ finishedAt }: Run, than: Run | null): boolean {
  if (finishedAt === null) return false;
  const known = than?.finishedAt ?? null;
  return known === null || Temporal.Instant.compare(finishedAt, known) >= 0;
}

/** Null for a run that was sent on by hand: how long it lay there is no part of its work. */
function durationOf({ createdAt, finishedAt, retries }: Run): number | null {
  return finishedAt === null || retries > 0 ? null : createdAt.until(finishedAt).total("seconds");
}

function samplesOf(name: string, { lastFinished, lastSuccess, running, finished }: JobState): Sample[] {
  const labels = { job: name };
  return [
    ...sample("tracker_job_last_success_timestamp_seconds", secondsOf(lastSuccess?.finishedAt), labels),
    ...sample(
      "tracker_job_last_run_duration_seconds",
      lastFinished === null ? null : durationOf(lastFinished),
      labels,
    ),
    ...sample(
      "tracker_job_last_run_succeeded",
      lastFinished === null ? null : Number(lastFinished.status === "succeeded"),
      labels,
    ),
    ...sample("tracker_runs_running", running, labels),
    ...[...finished].flatMap(([outcome, count]) => sample("tracker_runs_total", count, { ...labels, outcome })),
  ];
}
