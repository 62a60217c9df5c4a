import type { BillingCycle } from "../../../domain/cycle.ts";
import { type CycleHistory, OpenCycles } from "../../../domain/history/cycle_history.ts";
import type { SnapshotFigures } from "../../../domain/history/figures.ts";
import type { ModelDay } from "../../../domain/history/model_history.ts";

/** A cycle with all its days. */
interface CycleDays {
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
  options: ConstructorParameters<typeof OpenCycles>[0],
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
