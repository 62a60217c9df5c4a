import { TrackerError } from "../../domain/errors.ts";
import type { Log } from "../../domain/log.ts";
import type { Run, RunControl } from "../../domain/runs/run.ts";

/** What acting on a run needs. */
interface Parts {
  readonly runs: RunControl;
  readonly log: Log;
}

/** There is no run of this number. */
export class NoSuchRun extends TrackerError {
  override readonly name = "NoSuchRun";
  readonly id: number;

  constructor(id: number) {
    super(`There is no run ${id}`, { hint: "See 'tracker runs list'.", exitCode: 2 });
    this.id = id;
  }
}

/**
 * Goes on with a failed or cancelled run, and waits for its end.
 * @throws NoSuchRun. @throws TrackerError if it neither failed nor was cancelled.
 */
export function retryRun(parts: Parts, id: number): Promise<Run> {
  requireRun(parts, id);
  return parts.runs.retry(id);
}

/** The same without waiting: returns the run as it goes on. */
export function beginRetry(parts: Parts, id: number): Run {
  requireRun(parts, id);
  const run = parts.runs.beginRetry(id);
  parts.log.info("run.retry_asked_for", { run_id: id });
  return run;
}

/** Asks a run to stop; returns false if it is not running. @throws NoSuchRun. */
export function cancelRun(parts: Parts, id: number): boolean {
  requireRun(parts, id);
  if (!parts.runs.cancel(id)) return false;
  parts.log.info("run.cancel_asked_for", { run_id: id });
  return true;
}

function requireRun({ runs }: Parts, id: number): void {
  if (runs.show(id) === null) throw new NoSuchRun(id);
}
