import type { RunControl, RunFilter } from "../../domain/ports.ts";
import type { Run } from "../../domain/run.ts";

/** A page of runs. */
export interface RunPage {
  readonly runs: readonly Run[];
  /** The filter's `before` of the next page; null on the last one. */
  readonly nextBefore: number | null;
}

/** At most `limit` runs, newest first. */
export function runPageOf({ list }: Pick<RunControl, "list">, filter: RunFilter & { limit: number }): RunPage {
  const found = list({ ...filter, limit: filter.limit + 1 });
  const runs = found.slice(0, filter.limit);
  return { runs, nextBefore: found.length > runs.length ? runs.at(-1)?.id ?? null : null };
}
