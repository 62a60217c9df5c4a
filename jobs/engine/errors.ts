import { messageOf, TrackerError } from "../../domain/errors.ts";
import type { Json } from "../../domain/json.ts";
import type { Failure } from "../../domain/runs/run.ts";

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

/**
 * What is kept of an error. `details` is the error's own `details` where it has some that are JSON, else the exit code of
 * a TrackerError as `{ exitCode }`, else null.
 */
export function failureOf(error: unknown): Failure {
  if (error instanceof RememberedFailure) return error.failure;
  return {
    name: error instanceof Error ? error.name : typeof error,
    message: messageOf(error),
    hint: error instanceof TrackerError ? error.hint : null,
    details: detailsOf(error),
  };
}

function detailsOf(error: unknown): Json {
  if (typeof error === "object" && error !== null && "details" in error && isJson(error.details)) return error.details;
  return error instanceof TrackerError ? { exitCode: error.exitCode } : null;
}

function isJson(value: unknown): value is Json {
  return jsonFault(value, "details") === null;
}

/** Why the value would not come back from JSON as it was, such as "result.rows[2] is undefined"; null where it would. */
function jsonFault(value: unknown, path: string, parents: readonly unknown[] = []): string | null {
  if (value === null || typeof value === "boolean" || typeof value === "string") return null;
  if (typeof value === "number") return Number.isFinite(value) ? null : `${path} is ${value}`;
  if (value === undefined) return `${path} is undefined`;
  if (typeof value !== "object") return `${path} is a ${typeof value}`;
  if (parents.includes(value)) return `${path} contains itself`;
  const within = [...parents, value];
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) {
      const fault = jsonFault(value[index], `${path}[${index}]`, within);
      if (fault !== null) return fault;
    }
    return null;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return `${path} is a ${value.constructor.name}`;
  for (const [key, field] of Object.entries(value)) {
    const fault = jsonFault(field, `${path}.${key}`, within);
    if (fault !== null) return fault;
  }
  return null;
}

/** @throws JobError where the value is not JSON. `what` names it, such as `the result of step "capture"`. */
export function requireJson(value: unknown, what: string): void {
  const fault = jsonFault(value, "value");
  if (fault !== null) throw new JobError(`Cannot remember ${what} as it must be JSON: ${fault}`);
}
