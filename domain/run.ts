import type { Json } from "./json.ts";

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
