import type { Capture } from "../../domain/capture.ts";
import type { Notification } from "../../domain/notifications.ts";
import type { Alert, AlertWatch, Budget, Snapshot } from "../../domain/stores.ts";
import type { Pool, UsageRow } from "../../domain/usage.ts";

/** A capture under its id. */
export interface KeptCapture {
  readonly id: number;
  readonly capture: Capture;
}

/** A snapshot with what was read beside it. */
export interface KeptSnapshot {
  readonly snapshot: Snapshot;
  readonly rows: readonly UsageRow[];
  readonly pools: readonly Pool[];
  readonly poolsReadAt: Temporal.Instant;
  readonly isSuperseded: boolean;
}

/** Everything that is kept. Never changed in place, so that a rollback puts an older one back. */
export interface State {
  readonly captures: readonly KeptCapture[];
  readonly snapshots: readonly KeptSnapshot[];
  readonly alerts: readonly Alert[];
  readonly watch: AlertWatch | null;
  readonly notifications: readonly Notification[];
  readonly lastNotificationId: number;
  readonly budgets: readonly Budget[];
  readonly lastCaptureId: number;
}

/** Where the state is. */
export interface Holder {
  state: State;
}

/** Nothing is kept yet. */
export const EMPTY_STATE: State = {
  captures: [],
  snapshots: [],
  alerts: [],
  watch: null,
  notifications: [],
  lastNotificationId: 0,
  budgets: [],
  lastCaptureId: 0,
};
