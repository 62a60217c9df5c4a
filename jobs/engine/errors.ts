import type { Failure } from "../../domain/run.ts";

/** Why an execution was aborted from outside of its body. It is the reason of every signal that a body gets. */
export type AbortKind =
  /** Somebody asked for the run to be cancelled. */
  | "cancelled"
  /** This process shuts down; the run stays as it is and is resumed at the next start. */
  | "stopped"
  /** The lease is lost: another process has the run, or has ended it. */
  | "lost"
  /** The run must fail, whatever its body makes of it: `cause` says why. */
  | "fatal";

/** The reason of an aborted run's signal. */
export class RunAborted extends Error {
  override readonly name = "RunAborted";
  readonly kind: AbortKind;

  constructor(kind: AbortKind, cause?: unknown) {
    super(`The run was aborted: ${kind}`, cause === undefined ? undefined : { cause });
    this.kind = kind;
  }
}

/** A step or a run took longer than it may. */
export class TimeoutError extends Error {
  override readonly name = "TimeoutError";

  constructor(what: string, timeoutMs: number) {
    super(`Cannot finish ${what} as it took longer than ${timeoutMs} ms`);
  }
}

/** A job uses the engine wrongly; trying again cannot help. */
export class JobError extends Error {
  override readonly name = "JobError";
}

/** A step was interrupted so often that it probably kills its process. */
export class CrashLoopError extends Error {
  override readonly name = "CrashLoopError";

  constructor(step: string, interruptions: number) {
    super(`Cannot go on with step "${step}" as it was interrupted ${interruptions} times: it may end its process`);
  }
}

/** A step that had used up its tries before this execution began. */
export class RememberedFailure extends Error {
  override readonly name = "RememberedFailure";
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}
