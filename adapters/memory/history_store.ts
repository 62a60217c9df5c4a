import type { Snapshot, UsageRow } from "../../domain/capture/usage.ts";
import { historyOf } from "../../domain/history/cycle_history.ts";
import type { SnapshotFigures } from "../../domain/history/figures.ts";
import type { ModelDay } from "../../domain/history/model_history.ts";
import type { OwnEventSource } from "../../domain/history/own_events.ts";
import type { DayFilter, HistoryStore, StoredCycle } from "../../domain/history/stored_cycle.ts";

/** A stored snapshot with its rows. */
export type SnapshotWithRows = Snapshot & { readonly rows: readonly UsageRow[] };

interface ReadCycle extends StoredCycle {
  readonly days: readonly ModelDay[];
}

/** Cycles and days in memory: read anew from the snapshots each time they are asked for. */
export class MemoryHistoryStore implements HistoryStore {
  readonly #snapshots: () => readonly SnapshotWithRows[];
  readonly #options: { readonly timeZone: string; readonly eventsOf: OwnEventSource };

  constructor(
    snapshots: () => readonly SnapshotWithRows[],
    options: { readonly timeZone: string; readonly eventsOf: OwnEventSource },
  ) {
    this.#snapshots = snapshots;
    this.#options = options;
  }

  record(): void {}

  eventsChanged(): void {}

  rebuild(): void {}

  refresh(): boolean {
    return false;
  }

  cycles(): StoredCycle[] {
    return this.#read().map(({ days: _, ...cycle }) => cycle).reverse();
  }

  current(): StoredCycle | null {
    return this.cycles()[0] ?? null;
  }

  find(key: Temporal.PlainDate): StoredCycle | null {
    return this.cycles().find((cycle) => cycle.key.equals(key)) ?? null;
  }

  days({ cycleId, from, to }: DayFilter): ModelDay[] {
    const isWanted = ({ date }: ModelDay) =>
      (from === undefined || Temporal.PlainDate.compare(date, from) >= 0) &&
      (to === undefined || Temporal.PlainDate.compare(date, to) <= 0);
    return this.#read().filter(({ id }) => cycleId === undefined || id === cycleId)
      .flatMap(({ days }) => days.filter(isWanted))
      .sort((a, b) => Temporal.PlainDate.compare(a.date, b.date) || (a.model < b.model ? -1 : 1));
  }

  /** Oldest first. */
  #read(): ReadCycle[] {
    const snapshots = this.#snapshots().toSorted((a, b) => Temporal.Instant.compare(a.capturedAt, b.capturedAt));
    const idOf = (figures: SnapshotFigures) => snapshots.find((one) => one === figures)?.id ?? 0;
    let first = 0;
    return [...historyOf(snapshots, this.#options)].map(({ cycle, days, last }, at) => {
      const firstCapturedAt = snapshots[first]?.capturedAt ?? last.capturedAt;
      first = snapshots.findIndex((one) => one === last) + 1;
      const key = cycle.start ?? firstCapturedAt.toZonedDateTimeISO("UTC").toPlainDate();
      return { id: at + 1, cycle, key, firstCapturedAt, lastSnapshotId: idOf(last), days };
    });
  }
}
