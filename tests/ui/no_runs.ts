import type { RunControl } from "../../domain/runs/run.ts";

const unused = () => {
  throw new Error("No run is started here");
};

/** Runs of a program that has none and starts none. */
export const NO_RUNS: RunControl = {
  jobs: [],
  list: () => [],
  show: () => null,
  run: unused,
  begin: unused,
  retry: unused,
  beginRetry: unused,
  cancel: unused,
  resume: unused,
};
