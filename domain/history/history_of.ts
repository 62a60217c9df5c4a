import type { BillingCycle } from "../usage.ts";
import { CycleHistory } from "./cycle_history.ts";
import type { UsageEvent } from "./event_index.ts";
import type { ModelDay } from "./model_history.ts";
import type { SnapshotFigures } from "./snapshot_figures.ts";

/** A cycle with all its days. */
export interface CycleDays {
  readonly cycle: BillingCycle;
  readonly days: readonly ModelDay[];
  /** The newest snapshot: its rows are what the days add up to. */
  readonly last: SnapshotFigures;
}

export interface HistoryOfOptions {
  readonly timeZone: string;
  /** Events of a cycle, asked for once per cycle, with what its first snapshot says of it. */
  readonly eventsOf?: (cycle: BillingCycle) => Iterable<UsageEvent>;
}

/** How many cycles stay open, as the page may show the old one again for a while after a new one began. */
const OPEN_CYCLES = 2;

/**
 * Reads snapshots in order of capture and gives out each cycle's days, oldest cycle first. Only two cycles are held in
 * memory, however long the history is.
 */
export function* historyOf(
  snapshots: Iterable<SnapshotFigures>,
  { timeZone, eventsOf = () => [] }: HistoryOfOptions,
): Generator<CycleDays, void> {
  const open: CycleHistory[] = [];
  let previousCheckAt: Temporal.Instant | null = null;
  for (const snapshot of snapshots) {
    let history = open.findLast((candidate) => candidate.includes(snapshot));
    if (history === undefined) {
      history = new CycleHistory({ timeZone, events: eventsOf(snapshot.cycle), previousCheckAt });
      open.push(history);
    }
    history.add(snapshot);
    previousCheckAt = snapshot.lastCheckedAt;
    if (open.length > OPEN_CYCLES) yield* finished(open.shift());
  }
  for (const history of open) yield* finished(history);
}

function* finished(history: CycleHistory | undefined): Generator<CycleDays, void> {
  if (history === undefined || history.cycle === null || history.last === null) return;
  yield { cycle: history.cycle, days: history.days(), last: history.last };
}
