import type { Snapshot, UsageRow } from "../capture/usage.ts";
import type { BillingCycle } from "../cycle.ts";
import type { ModelDay } from "./model_history.ts";

/** A cycle that there is history of. */
export interface StoredCycle {
  readonly id: number;
  /** Each bound as exactly as any of its snapshots told it. */
  readonly cycle: BillingCycle;
  /** What people ask for it by: its start date; the UTC date of its first snapshot where the start was never told. */
  readonly key: Temporal.PlainDate;
  readonly firstCapturedAt: Temporal.Instant;
  /** Its newest snapshot: what its days add up to. */
  readonly lastSnapshotId: number;
}

/** Which days to read: of one cycle, between two dates (both included), or both. */
export interface DayFilter {
  readonly cycleId?: number;
  readonly from?: Temporal.PlainDate;
  readonly to?: Temporal.PlainDate;
}

/** Cycles and their days, worked out when a snapshot is stored, so that reading them costs the same for ever. */
export interface HistoryStore {
  /** Takes a snapshot that was just stored, with its rows, into the days. Belongs into the snapshot's own transaction. */
  record(snapshot: Snapshot, rows: readonly UsageRow[]): void;
  /**
   * Takes in that the account's own events are others from a moment on: days that they decided are worked out anew.
   * Belongs into the transaction of the merge, before its snapshot is recorded.
   */
  eventsChanged(from: Temporal.Instant): void;
  /** Works all days out anew: after snapshots were removed, superseded or stored without `record`. */
  rebuild(): void;
  /** Rebuilds where the days are of another time zone than the configured one; answers whether it had to. */
  refresh(): boolean;
  /** Newest first. */
  cycles(): StoredCycle[];
  /** The cycle that the newest snapshot belongs to. */
  current(): StoredCycle | null;
  /** The cycle with this key; the newer one where two share it. */
  find(key: Temporal.PlainDate): StoredCycle | null;
  /** By date, then model; a date and model without figures is left out. */
  days(filter: DayFilter): ModelDay[];
}
