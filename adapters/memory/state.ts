import type { Alert, AlertWatch } from "../../domain/alerts/alert.ts";
import type { Notification } from "../../domain/alerts/notification.ts";
import type { Capture } from "../../domain/capture/capture.ts";
import type { Pool, Snapshot, UsageRow } from "../../domain/capture/usage.ts";
import type { Budget } from "../../domain/report/budget.ts";

/** A capture under its id. */
interface KeptCapture {
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
