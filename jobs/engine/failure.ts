import { messageOf, TrackerError } from "../../domain/errors.ts";
import type { Json } from "../../domain/json.ts";
import type { Failure } from "../../domain/run.ts";
import { RememberedFailure } from "./errors.ts";
import { jsonFault } from "./json_fault.ts";

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
