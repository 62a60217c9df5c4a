import type { RollupStore } from "./billing/ports.ts";
import type { Capture, Evidence, FailedPage } from "./capture.ts";
import type { ModelDay } from "./history/model_history.ts";
import type { Micros } from "./money.ts";
import type { UsageEvent } from "./events.ts";
import type { PayloadShape } from "./payload_shapes.ts";
import type { SessionStore } from "./sessions.ts";
import type { BillingCycle, Pool, Source, Usage, UsageRow } from "./usage.ts";

/** How many raw captures are kept for debugging and replay. */
export const KEPT_CAPTURES = 20;

/** How many failed captures are kept with the look of their page, however many good ones came later. */
export const KEPT_FAILURES = 20;

/** A failed capture with the look of its page. */
export interface KeptFailure extends FailedPage {
  readonly captureId: number;
  readonly capturedAt: Temporal.Instant;
  readonly evidence: Evidence;
}

/** Raw captures, compressed; only the last KEPT_CAPTURES stay, and the last KEPT_FAILURES failed ones. */
export interface CaptureStore {
  /** Keeps the capture and drops the oldest beyond the limits; answers its id. */
  save(capture: Capture): number;
  /** The capture without the look of its page, which `lastFailure` tells. */
  load(captureId: number): Capture | null;
  /** The newest failed capture of which the page's look is kept. */
  lastFailure(): KeptFailure | null;
  /** Newest first. */
  list(): { readonly id: number; readonly capturedAt: Temporal.Instant; readonly payloads: number }[];
}

/** A stored usage table. Between `capturedAt` and `lastCheckedAt` scrapes found the same. */
export interface Snapshot {
  readonly id: number;
  readonly capturedAt: Temporal.Instant;
  readonly lastCheckedAt: Temporal.Instant;
  readonly cycle: BillingCycle;
  readonly tableHash: string;
  readonly rowsCount: number;
  readonly source: Source;
  readonly membership: string | null;
}

/** A snapshot that is not stored yet. */
export interface NewSnapshot {
  readonly usage: Usage;
  readonly tableHash: string;
  readonly capturedAt: Temporal.Instant;
  readonly captureId: number | null;
  /** The place in the capture of the payload that its rows came from. */
  readonly payload: number | null;
}

/** Snapshots with their rows and pools. */
export interface UsageStore {
  /** The newest snapshot by time of capture. */
  latest(): Snapshot | null;
  /** The newest snapshot at or before a moment. */
  latestAt(at: Temporal.Instant): Snapshot | null;
  find(snapshotId: number): Snapshot | null;
  rows(snapshotId: number): UsageRow[];
  /** The pools as last read, up to the snapshot's last check. */
  pools(snapshotId: number): Pool[];
  /** Stores a new snapshot. */
  insert(snapshot: NewSnapshot): Snapshot;
  /** Moves the snapshot's `lastCheckedAt` forward, and keeps the pools where they changed. */
  check(snapshotId: number, at: Temporal.Instant, pools: readonly Pool[]): void;
  /**
   * Puts a snapshot that was read anew into the place of `old` from its `capturedAt` on, up to the last check of `old`.
   * Where both are of one capture `old` stays superseded; else `old` ends at `checkedBefore`.
   */
  replace(old: Snapshot, snapshot: NewSnapshot & { readonly checkedBefore: Temporal.Instant }): Snapshot;
  /** Rows of the snapshots that were captured in the range, oldest first, as they are asked for. */
  readRows(range?: TimeRange): Iterable<{ readonly snapshot: Snapshot; readonly row: UsageRow }>;
}

/** A stretch of time: `from` inclusive, `to` exclusive; open where a bound is null. */
export interface TimeRange {
  readonly from?: Temporal.Instant | null;
  readonly to?: Temporal.Instant | null;
}

/** What a merge of a window did, in events. */
export interface MergeCounts {
  readonly added: number;
  readonly updated: number;
  /** Events that are as they were known. */
  readonly known: number;
}

/** A merge, and since when the account's own events are others than before; null where they are the same. */
export interface Merged extends MergeCounts {
  readonly changedFrom: Temporal.Instant | null;
}

/** Single events, each once, however often and in whatever order windows with it are read. */
export interface EventStore {
  /**
   * Merges a window, all of it or nothing. Equal events must not be split over two windows of one reading. `isReplay`:
   * the window is an old reading, read anew with better code, which decides against what that reading said before.
   */
  merge(window: readonly UsageEvent[], options?: { readonly isReplay?: boolean }): Merged;
  /** Events of the range, oldest first, as they are asked for: any number of them takes bounded memory. */
  read(range?: TimeRange): Iterable<UsageEvent>;
}

/** What payloads have looked like, by endpoint. */
export interface ShapeStore {
  /** In order of their endpoints. */
  list(): PayloadShape[];
  save(shape: PayloadShape): void;
}

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

/** What may be spent in a cycle, from the moment it was set until the next one. */
export interface Budget {
  readonly amount: Micros;
  readonly setAt: Temporal.Instant;
}

/** Budgets; a change is a further one, so that the past keeps the one that it had. */
export interface BudgetStore {
  /** @throws RangeError where the amount is not whole cents. */
  set(amount: Micros, at: Temporal.Instant): Budget;
  /** The one in force at a moment. */
  at(moment: Temporal.Instant): Budget | null;
  /** Newest first. */
  list(): Budget[];
}

/** What an alert can be about. */
export const ALERT_KINDS = [
  "threshold_hit",
  "projection_overrun",
  "scrape_error",
  "no_data_24h",
  "on_demand_started",
  "anomaly",
  "schema_drift",
] as const;
export type AlertKind = typeof ALERT_KINDS[number];

/** A condition that came true; over when it was cleared. */
export interface Alert {
  readonly id: number;
  readonly kind: AlertKind;
  readonly details: string;
  readonly dedupeKey: string;
  readonly triggeredAt: Temporal.Instant;
  readonly clearedAt: Temporal.Instant | null;
}

/** Alerts; a dedupe key is used once, whatever restarts or concurrent sweeps do. */
export interface AlertStore {
  /** Opens the alert; answers false where one with this key exists already. */
  open(alert: { kind: AlertKind; dedupeKey: string; details: string; at: Temporal.Instant }): boolean;
  /** Clears every open alert of the kind; answers how many. */
  clear(kind: AlertKind, at: Temporal.Instant): number;
  /** Alerts that are not over, newest first. */
  listOpen(kind?: AlertKind): Alert[];
  /** All alerts, newest first. */
  list(limit: number): Alert[];
}

/** Everything that a step may write in one transaction with its result. */
export interface Stores {
  readonly captures: CaptureStore;
  readonly usage: UsageStore;
  readonly alerts: AlertStore;
  readonly history: HistoryStore;
  readonly budgets: BudgetStore;
  /** Another text within moments after anything stored has changed, by this process or another one. Cheap. */
  readonly version: () => string;
  readonly events: EventStore;
  readonly shapes: ShapeStore;
  readonly rollups: RollupStore;
  readonly sessions: SessionStore;
}
