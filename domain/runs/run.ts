import type { Json } from "../json.ts";

/** The state of a run. Failed and cancelled runs can be retried; a succeeded one is never run again. */
export const RUN_STATUSES = ["running", "succeeded", "failed", "cancelled"] as const;
export type RunStatus = typeof RUN_STATUSES[number];

/** Why something failed, as it is kept with the run. */
export interface Failure {
  /** The error's class, such as "CaptureFailed". */
  readonly name: string;
  readonly message: string;
  readonly hint: string | null;
  /** What the failing code wants kept: evidence, an outcome, an exit code. */
  readonly details: Json;
}

/** One execution of a job. (job, key) is unique: a second start with the same key joins the first. */
export interface Run {
  readonly id: number;
  readonly job: string;
  readonly key: string;
  readonly status: RunStatus;
  readonly input: Json;
  readonly output: Json;
  readonly failure: Failure | null;
  /** The process that runs it, or ran it last. */
  readonly owner: string;
  /** Grows with each take-over: a write with an older fence is refused. */
  readonly fence: number;
  /** How often the finished run was sent on again by hand. Each time gives its steps fresh tries. */
  readonly retries: number;
  readonly createdAt: Temporal.Instant;
  readonly finishedAt: Temporal.Instant | null;
  readonly cancelRequestedAt: Temporal.Instant | null;
}

/** A finished part of a run: its result is remembered and never computed again. */
export interface Step {
  readonly runId: number;
  readonly name: string;
  readonly result: Json;
  readonly finishedAt: Temporal.Instant;
}

/** One try of a step. Without an end it was interrupted, or is going on now. */
export interface Attempt {
  readonly runId: number;
  readonly step: string;
  /** From 1, over all the executions of the run. */
  readonly number: number;
  /** The run's `retries` when the try began. */
  readonly retry: number;
  readonly startedAt: Temporal.Instant;
  readonly finishedAt: Temporal.Instant | null;
  readonly failure: Failure | null;
}

/** What proves that a process still runs a run: its id and the fence that it claimed it with. */
export interface Lease {
  readonly runId: number;
  readonly owner: string;
  readonly fence: number;
}

/** The key of a run that a person asked for. */
export function manualKey(now: Temporal.Instant): string {
  return `manual:${now.toString({ smallestUnit: "millisecond" })}`;
}

/** Which runs to list, newest first; all of them where there is no `limit`. */
export interface RunFilter {
  readonly job?: string;
  readonly status?: RunStatus;
  readonly limit?: number;
  /** Only runs with a smaller id: the page after the one that ended with it. */
  readonly before?: number;
}

/**
 * Runs, steps and attempts. `Tx` is what a step may write with: the domain's own stores, inside one transaction with the
 * step's result. Every method that takes a lease is fenced: it throws `FencedError` and writes nothing where the run is
 * no longer running under that lease (taken over, cancelled, finished).
 */
export interface RunStore<Tx> {
  /** Creates the run as running under `owner`, or finds the one with this (job, key). */
  open(start: { job: string; key: string; input: Json; owner: string; at: Temporal.Instant }): {
    run: Run;
    created: boolean;
  };
  /**
   * Takes a run over: status becomes running, the fence grows. A finished run counts one more retry and loses its end,
   * failure and cancel request; one that was running keeps its cancel request, so that a crash does not undo it. Null
   * where its status is not one of `from`, or where its fence is no longer `fence` (somebody else was faster).
   */
  claim(runId: number, claim: { owner: string; from: readonly RunStatus[]; fence: number; at: Temporal.Instant }):
    | Run
    | null;
  find(runId: number): Run | null;
  list(filter?: RunFilter): Run[];
  /** Finished steps, oldest first. */
  steps(runId: number): Step[];
  /** All tries of all steps, oldest first. */
  attempts(runId: number): Attempt[];
  /**
   * Records that a try begins; answers its number, from 1. Null, and nothing recorded, where somebody asked for the run's
   * end. What it records may be lost in a power cut, never in a crash of the process.
   */
  startAttempt(lease: Lease, step: string, at: Temporal.Instant): number | null;
  /** Ends the try and remembers `save`'s answer as the step's result, in one transaction with what `save` writes. */
  completeStep<T extends Json>(
    lease: Lease,
    done: { step: string; attempt: number; at: Temporal.Instant; isFlushed?: boolean; save: (tx: Tx) => T },
  ): T;
  /** Ends the try as failed, in one transaction with what `save` writes. */
  failAttempt(
    lease: Lease,
    failed: { step: string; attempt: number; at: Temporal.Instant; failure: Failure; save?: (tx: Tx) => void },
  ): void;
  succeed(lease: Lease, output: Json, at: Temporal.Instant): void;
  /** Marks the run failed, in one transaction with what `save` writes. */
  fail(lease: Lease, failure: Failure, at: Temporal.Instant, save?: (tx: Tx) => void): void;
  /** Marks the run cancelled by its own process. */
  cancel(lease: Lease, at: Temporal.Instant): void;
  /** Asks the process that runs it to stop; answers false where the run is not running. */
  requestCancel(runId: number, at: Temporal.Instant): boolean;
  /** Whether a process asked for the run to stop; true also where the lease is lost. */
  cancelRequested(lease: Lease): boolean;
  /** Deletes finished runs that ended before `before`, but keeps the newest `keepPerJob` finished ones of each job. */
  prune(limits: { before: Temporal.Instant; keepPerJob: number }): number;
}

/** Knows which of the processes that share this DATA_DIR are alive. */
export interface Liveness {
  /** This process's own id, new at each start. */
  readonly self: string;
  /** Whether the process with this id still runs. Never true for an owner that was killed. */
  isAlive(owner: string): boolean;
}

/** A job that runs by the clock. */
export interface DueJob {
  readonly job: string;
  /** In cron's words, UTC. */
  readonly cron: string;
  /** The first tick after `now`. */
  nextDue(now: Temporal.Instant): Temporal.Instant;
}

/** Runs as the CLI and the dashboard see them. */
export interface RunControl {
  /** Names of the jobs that can be run. */
  readonly jobs: readonly string[];
  list(filter?: RunFilter): Run[];
  show(runId: number): { run: Run; steps: Step[]; attempts: Attempt[] } | null;
  /** Starts the run, or joins the one with this (job, key), and waits for its end. */
  run(job: string, key: string, input: Json): Promise<Run>;
  /** The same without waiting: answers the run as it begins. What it comes to is stored and logged. */
  begin(job: string, key: string, input: Json): Run;
  /** Goes on with a failed or cancelled run from its first unfinished step, and waits for its end. */
  retry(runId: number): Promise<Run>;
  /** The same without waiting. @throws TrackerError where the run is not there, or neither failed nor cancelled. */
  beginRetry(runId: number): Run;
  cancel(runId: number): boolean;
  /** Takes over and finishes the runs of the job that a dead process left behind. */
  resume(job: string): Promise<Run[]>;
}

/** A sign of life to somebody outside, who misses it where it stays away. */
export interface Heartbeat {
  /** @throws TrackerError where it did not arrive. */
  beat(options: { signal: AbortSignal }): Promise<void>;
}

/** A write was refused as the run is no longer running under the writer's lease. The writer stops, quietly. */
export class FencedError extends Error {
  override readonly name = "FencedError";
  readonly runId: number;

  constructor(lease: { runId: number; owner: string; fence: number }) {
    super(`Cannot write to run ${lease.runId} as it is no longer held by ${lease.owner} with fence ${lease.fence}`);
    this.runId = lease.runId;
  }
}
