import type { RunControl, RunStore } from "../../domain/ports.ts";
import type { Engine } from "./engine.ts";

/** Runs as the CLI and the dashboard see them, by this engine and its store. */
export function createRunControl<Tx>(engine: Engine, store: RunStore<Tx>): RunControl {
  return {
    list: (filter) => store.list(filter),
    show(runId) {
      const run = store.find(runId);
      return run === null ? null : { run, steps: store.steps(runId), attempts: store.attempts(runId) };
    },
    run: (job, key, input) => engine.start(job, key, input),
    retry: (runId) => engine.retry(runId),
    cancel: (runId) => engine.cancel(runId),
    resume: (job) => engine.resume({ job }),
  };
}
