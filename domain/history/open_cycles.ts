import { CycleHistory } from "./cycle_history.ts";
import type { EventSource } from "./event_index.ts";
import type { SnapshotFigures } from "./snapshot_figures.ts";

/** How many cycles stay open, as the page may show the old one again for a while after a new one began. */
export const OPEN_CYCLES = 2;

export interface OpenCyclesOptions {
  readonly timeZone: string;
  /** Requests with their own times, read once per cycle, gap by gap. */
  readonly eventsOf?: EventSource;
  /** The last check before the first snapshot that is going to be added. */
  readonly previousCheckAt?: Temporal.Instant | null;
}

/** What became of a snapshot. */
export interface Added {
  /** The cycle that it belongs to. */
  readonly history: CycleHistory;
  /** Whether it began this cycle. */
  readonly isNew: boolean;
  /** ISO dates whose figures it changed. */
  readonly touched: readonly string[];
  /** The cycle that nothing is added to any more, where the snapshot began a further one. */
  readonly closed: CycleHistory | null;
}

/** The newest cycles: those that the next snapshot may go on with. It begins a new one where it fits none of them. */
export class OpenCycles {
  readonly #options: OpenCyclesOptions;
  readonly #open: CycleHistory[] = [];
  #previousCheckAt: Temporal.Instant | null;
  #newest: CycleHistory | null = null;

  constructor(options: OpenCyclesOptions) {
    this.#options = options;
    this.#previousCheckAt = options.previousCheckAt ?? null;
  }

  /** Oldest first. */
  get open(): readonly CycleHistory[] {
    return this.#open;
  }

  /** Takes in the next snapshot in order of capture. */
  add(snapshot: SnapshotFigures): Added {
    const known = this.#open.findLast((candidate) => candidate.includes(snapshot));
    const history = known ?? this.#begin();
    const touched = history.add(snapshot);
    this.#newest = history;
    this.#previousCheckAt = snapshot.lastCheckedAt;
    const closed = this.#open.length > OPEN_CYCLES ? this.#open.shift() ?? null : null;
    return { history, isNew: known === undefined, touched, closed };
  }

  /** Notes that the newest snapshot was found unchanged once more. */
  check(at: Temporal.Instant): void {
    this.#newest?.check(at);
    this.#previousCheckAt = at;
  }

  #begin(): CycleHistory {
    const history = new CycleHistory({ ...this.#options, previousCheckAt: this.#previousCheckAt });
    this.#open.push(history);
    return history;
  }
}
