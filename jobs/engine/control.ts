import { messageOf } from "../../domain/errors.ts";
import type { Log } from "../../domain/log.ts";
import type { Run, RunControl, RunStore } from "../../domain/runs/run.ts";
import type { BegunRun, Engine } from "./engine.ts";

/** Runs as the CLI and the dashboard see them, by this engine and its store. */
export function createRunControl<Tx>(engine: Engine, { store, log }: { store: RunStore<Tx>; log: Log }): RunControl {
  /** Nobody waits for its end, so that only the log can tell where it was not stored. */
  const letGo = ({ run, ended }: BegunRun): Run => {
    ended.catch((error) => log.error("run.wait_failed", { run_id: run.id, job: run.job, error: messageOf(error) }));
    return run;
  };
  return {
    jobs: engine.jobs,
    list: (filter) => store.list(filter),
    show(runId) {
      const run = store.find(runId);
      return run === null ? null : { run, steps: store.steps(runId), attempts: store.attempts(runId) };
    },
    run: (job, key, input) => engine.start(job, key, input),
    begin: (job, key, input) => letGo(engine.begin(job, key, input)),
    retry: (runId) => engine.retry(runId),
    beginRetry: (runId) => letGo(engine.beginRetry(runId)),
    cancel: (runId) => engine.cancel(runId),
    resume: (job) => engine.resume({ job }),
  };
}
