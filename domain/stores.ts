import type { RollupStore } from "./billing/ports.ts";
import type { Capture } from "./capture.ts";
import type { BillingCycle, Pool, Source, Usage, UsageRow } from "./usage.ts";

/** How many raw captures are kept for debugging and replay. */
export const KEPT_CAPTURES = 20;

/** Raw captures, compressed; only the last KEPT_CAPTURES stay. */
export interface CaptureStore {
  /** Keeps the capture and drops the oldest beyond the limit; answers its id. */
  save(capture: Capture): number;
  load(captureId: number): Capture | null;
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

/** Snapshots with their rows and pools. */
export interface UsageStore {
  /** The newest snapshot by time of capture. */
  latest(): Snapshot | null;
  /** The newest snapshot at or before a moment. */
  latestAt(at: Temporal.Instant): Snapshot | null;
  rows(snapshotId: number): UsageRow[];
  /** The pools as last read, up to the snapshot's last check. */
  pools(snapshotId: number): Pool[];
  /** Stores a new snapshot. `payload` is the place in the capture of the payload that its rows came from. */
  insert(snapshot: {
    readonly usage: Usage;
    readonly tableHash: string;
    readonly capturedAt: Temporal.Instant;
    readonly captureId: number | null;
    readonly payload: number | null;
  }): Snapshot;
  /** Moves the snapshot's `lastCheckedAt` forward, and keeps the pools where they changed. */
  check(snapshotId: number, at: Temporal.Instant, pools: readonly Pool[]): void;
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
  readonly rollups: RollupStore;
}
