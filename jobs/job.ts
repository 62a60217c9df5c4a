import type { Json } from "../domain/json.ts";
import type { Log } from "../domain/log.ts";
import type { Failure, Run } from "../domain/runs/run.ts";

/** How a step is tried. Times are milliseconds. */
export interface StepOptions<Tx> {
  /** How many times a failing body is tried, the first included. Default 1. */
  readonly attempts?: number;
  /** Pause before the second try; doubles for each further one, with full jitter. Default 1,000. */
  readonly delayMs?: number;
  /** Longest pause. Default 60,000. */
  readonly maxDelayMs?: number;
  /** After this long the body's signal is aborted and the try has failed. Default 5 minutes. */
  readonly timeoutMs?: number;
  /** Whether another try can help. Default: every error, but not one that was caused by an abort. */
  readonly retryable?: (error: unknown) => boolean;
  /** Whether a power cut cannot undo it once it has finished; the end of the process never can. Default true. */
  readonly isFlushed?: boolean;
  /** Written in one transaction with the failed try, so that a failure keeps what it saw. */
  readonly saveFailed?: (tx: Tx, error: unknown) => void;
}

/** What a step's body gets. */
export interface StepScope {
  /** Aborted on cancel, shutdown and time-out. */
  readonly signal: AbortSignal;
  /** The number of this try over all executions of the run, from 1. */
  readonly attempt: number;
}

/** What a job works with. Steps are remembered by name; a name may be used once in a run. */
export interface RunContext<Tx> {
  readonly run: Run;
  readonly signal: AbortSignal;
  readonly log: Log;
  /** Runs `body` unless this step's result is remembered; then answers that. */
  step<T extends Json>(name: string, body: (scope: StepScope) => Promise<T>, options?: StepOptions<Tx>): Promise<T>;
  /** The same, where `save` writes what `body` made (of any type) in one transaction with the step's result. */
  stepAndSave<V, T extends Json>(
    name: string,
    body: (scope: StepScope) => Promise<V>,
    save: (tx: Tx, value: V) => T,
    options?: StepOptions<Tx>,
  ): Promise<T>;
  /** Domain rows and the step's result in one transaction: exactly once. */
  commit<T extends Json>(name: string, write: (tx: Tx) => T): Promise<T>;
}

/** A schedule's work, declared as idempotent steps. */
export interface Job<Tx, Output extends Json = Json> {
  readonly name: string;
  /** After this long the whole execution is aborted and the run has failed. Default 1 hour. */
  readonly timeoutMs?: number;
  run(context: RunContext<Tx>): Promise<Output>;
  /** Written in one transaction with the run's failure; the run's `finishedAt` is that of its failure. */
  failed?(tx: Tx, failure: Failure, run: Run): void;
}
