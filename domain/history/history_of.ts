import type { BillingCycle } from "../usage.ts";
import type { CycleHistory } from "./cycle_history.ts";
import type { ModelDay } from "./model_history.ts";
import { OpenCycles, type OpenCyclesOptions } from "./open_cycles.ts";
import type { SnapshotFigures } from "./snapshot_figures.ts";

/** A cycle with all its days. */
export interface CycleDays {
  readonly cycle: BillingCycle;
  readonly days: readonly ModelDay[];
  /** The newest snapshot: its rows are what the days add up to. */
  readonly last: SnapshotFigures;
}

/**
 * Reads snapshots in order of capture and gives out each cycle's days, oldest cycle first. Only two cycles are held in
 * memory, however long the history is.
 */
export function* historyOf(
  snapshots: Iterable<SnapshotFigures>,
  options: Omit<OpenCyclesOptions, "previousCheckAt">,
): Generator<CycleDays, void> {
  const cycles = new OpenCycles(options);
  for (const snapshot of snapshots) {
    const { closed } = cycles.add(snapshot);
    if (closed !== null) yield* finished(closed);
  }
  for (const history of cycles.open) yield* finished(history);
}

function* finished(history: CycleHistory): Generator<CycleDays, void> {
  if (history.cycle === null || history.last === null) return;
  yield { cycle: history.cycle, days: history.days(), last: history.last };
}
