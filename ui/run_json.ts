import type { Attempt, Failure, Run, Step } from "../domain/run.ts";

/** A run as commands and the API show it. */
export function runJson(run: Run) {
  return {
    id: run.id,
    job: run.job,
    key: run.key,
    status: run.status,
    created_at: run.createdAt.toString(),
    finished_at: run.finishedAt?.toString() ?? null,
    output: run.output,
    failure: failureJson(run.failure),
  };
}

/** A remembered step. */
export function stepJson(step: Step) {
  return { name: step.name, result: step.result, finished_at: step.finishedAt.toString() };
}

/** One try of a step. */
export function attemptJson(attempt: Attempt) {
  return {
    step: attempt.step,
    number: attempt.number,
    started_at: attempt.startedAt.toString(),
    finished_at: attempt.finishedAt?.toString() ?? null,
    failure: failureJson(attempt.failure),
  };
}

function failureJson(failure: Failure | null) {
  if (failure === null) return null;
  return { name: failure.name, message: failure.message, hint: failure.hint, details: failure.details };
}
