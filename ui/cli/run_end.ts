import { TrackerError } from "../../domain/errors.ts";
import { isJsonObject, type Json } from "../../domain/json.ts";
import type { Run } from "../../domain/run.ts";

/** What a run that a command waited for came to. @throws TrackerError with the run's own exit code where it did not succeed. */
export function outputOf(run: Run): Json {
  const { id, status, failure, output } = run;
  if (status === "succeeded") return output;
  if (failure !== null) {
    const exitCode = isJsonObject(failure.details) ? failure.details["exitCode"] : null;
    const hint = failure.hint ?? `See 'tracker runs show ${id}'.`;
    throw new TrackerError(failure.message, { hint, exitCode: typeof exitCode === "number" ? exitCode : 1 });
  }
  if (status === "cancelled") throw new TrackerError(`Run ${id} was cancelled`);
  throw new TrackerError(`Run ${id} was interrupted`, { hint: "The same command goes on with it." });
}
