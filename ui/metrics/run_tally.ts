import type { Run, RunControl } from "../../domain/runs/run.ts";

/** How a run can end. */
export const OUTCOMES = ["succeeded", "failed", "cancelled"] as const;

/** The first look goes far back, for each job's last runs; later ones only at what may be new. */
const FIRST_LOOK = 2_000;
const LATER_LOOK = 200;

/** What is known of a job. */
export interface JobState {
  readonly lastFinished: Run | null;
  readonly lastSuccess: Run | null;
  readonly running: number;
  /** Runs that finished since the start of the server, by outcome. */
  readonly finished: ReadonlyMap<string, number>;
}

/** The state while it is counted. */
interface Counted extends JobState {
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
  readonly #runs: Pick<RunControl, "list">;
  readonly #startedAt: Temporal.Instant;
  readonly #jobs = new Map<string, Counted>();
  /** What of the last look was finished, so that nothing counts twice; a retried run ends once more. */
  #seen: ReadonlySet<string> | null = null;

  constructor({ runs, startedAt }: { runs: Pick<RunControl, "list">; startedAt: Temporal.Instant }) {
    this.#runs = runs;
    this.#startedAt = startedAt;
  }

  /** How the jobs stand, and the runs that have finished since the last look, or since the start. */
  look(): { readonly jobs: ReadonlyMap<string, JobState>; readonly finished: readonly Run[] } {
    const runs = this.#runs.list({ limit: this.#seen === null ? FIRST_LOOK : LATER_LOOK });
    const [seen, counted] = [new Set<string>(), [] as Run[]];
    for (const job of this.#jobs.values()) job.running = 0;
    for (const run of runs.toReversed()) {
      const job = this.#jobOf(run.job);
      if (run.finishedAt === null) {
        job.running++;
        continue;
      }
      const key = `${run.id} ${run.finishedAt}`;
      seen.add(key);
      if (this.#seen?.has(key) !== true && this.#count(job, { run, finishedAt: run.finishedAt })) counted.push(run);
    }
    this.#seen = seen;
    return { jobs: this.#jobs, finished: counted };
  }

  #jobOf(name: string): Counted {
    const known = this.#jobs.get(name);
    if (known !== undefined) return known;
    const job: Counted = { lastFinished: null, lastSuccess: null, running: 0, finished: new Map() };
    this.#jobs.set(name, job);
    return job;
  }

  /** Answers whether it finished since the start. */
  #count(job: Counted, { run, finishedAt }: { run: Run; finishedAt: Temporal.Instant }): boolean {
    if (isLater(run, job.lastFinished)) job.lastFinished = run;
    if (run.status === "succeeded" && isLater(run, job.lastSuccess)) job.lastSuccess = run;
    if (Temporal.Instant.compare(finishedAt, this.#startedAt) < 0) return false;
    job.finished.set(run.status, (job.finished.get(run.status) ?? 0) + 1);
    return true;
  }
}

function isLater({ finishedAt }: Run, than: Run | null): boolean {
  if (finishedAt === null) return false;
  const known = than?.finishedAt ?? null;
  return known === null || Temporal.Instant.compare(finishedAt, known) >= 0;
}

/** In seconds; null for a run that was sent on by hand: how long it lay there is no part of its work. */
export function durationOf({ createdAt, finishedAt, retries }: Run): number | null {
  return finishedAt === null || retries > 0 ? null : createdAt.until(finishedAt).total("seconds");
}
