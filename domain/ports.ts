import type { Json } from "./json.ts";
import type { Attempt, Failure, Run, RunStatus, Step } from "./run.ts";

/** The time. Injected everywhere, so that a test can say what day it is. */
export interface Clock {
  now(): Temporal.Instant;
}

/** Fields of a log event; secrets never get here. */
export type LogFields = { readonly [field: string]: Json | undefined };

/** The log. An event is a name such as "scrape.stored"; its wording is made in one place. */
export interface Log {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}

/** What proves that a process still runs a run: its id and the fence that it claimed it with. */
export interface Lease {
  readonly runId: number;
  readonly owner: string;
  readonly fence: number;
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
