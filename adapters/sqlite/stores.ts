import type { Stores } from "../../domain/stores.ts";
import { SqliteAlertStore } from "./alerts.ts";
import { SqliteBudgetStore } from "./budgets.ts";
import { SqliteCaptureStore } from "./captures.ts";
import { SqliteEventStore } from "./events.ts";
import { SqliteHistoryStore } from "./history.ts";
import { SqliteNotificationStore } from "./notifications.ts";
import { dataVersion } from "./open.ts";
import { SqliteRollupStore } from "./rollups.ts";
import { SqliteSessionStore } from "./sessions.ts";
import { SqliteShapeStore } from "./shapes.ts";
import { SqliteUsageStore } from "./usage.ts";
import type { DatabaseSync } from "node:sqlite";

/** The domain's stores over one database; inside a transaction they write into it. Days are those of the time zone. */
export function sqliteStores(db: DatabaseSync, { timeZone = "UTC" }: { timeZone?: string } = {}): Stores {
  const usage = new SqliteUsageStore(db);
  const events = new SqliteEventStore(db);
  return {
    captures: new SqliteCaptureStore(db),
    usage,
    alerts: new SqliteAlertStore(db),
    notifications: new SqliteNotificationStore(db),
    history: new SqliteHistoryStore(db, { usage, events, timeZone }),
    budgets: new SqliteBudgetStore(db),
    version: dataVersion(db),
    events,
    shapes: new SqliteShapeStore(db),
    rollups: new SqliteRollupStore(db),
    sessions: new SqliteSessionStore(db),
  };
}
