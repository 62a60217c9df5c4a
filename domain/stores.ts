import type { AlertStore } from "./alerts/alert.ts";
import type { NotificationStore } from "./alerts/notification.ts";
import type { RollupStore } from "./billing/rollup.ts";
import type { CaptureStore } from "./capture/capture.ts";
import type { SessionStore } from "./capture/session.ts";
import type { UsageStore } from "./capture/usage.ts";
import type { EventStore } from "./events/event.ts";
import type { HistoryStore } from "./history/stored_cycle.ts";
import type { ShapeStore } from "./readers/shapes.ts";
import type { BudgetStore } from "./report/budget.ts";

/** Everything that a step may write in one transaction with its result. */
export interface Stores {
  readonly captures: CaptureStore;
  readonly usage: UsageStore;
  readonly alerts: AlertStore;
  readonly notifications: NotificationStore;
  readonly history: HistoryStore;
  readonly budgets: BudgetStore;
  /** Another text within moments after anything stored has changed, by this process or another one. Cheap. */
  readonly version: () => string;
  readonly events: EventStore;
  readonly shapes: ShapeStore;
  readonly rollups: RollupStore;
  readonly sessions: SessionStore;
}
