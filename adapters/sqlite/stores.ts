import type { DatabaseSync } from "node:sqlite";
import type { Stores } from "../../domain/stores.ts";
import { SqliteAlertStore } from "./alert_store.ts";
import { SqliteBudgetStore } from "./budget_store.ts";
import { SqliteCaptureStore } from "./capture_store.ts";
import { dataVersion } from "./data_version.ts";
import { SqliteHistoryStore } from "./history_store.ts";
import { SqliteEventStore } from "./event_store.ts";
import { SqliteShapeStore } from "./shape_store.ts";
import { SqliteRollupStore } from "./rollup_store.ts";
import { SqliteSessionStore } from "./session_store.ts";
import { SqliteUsageStore } from "./usage_store.ts";

/** The domain's stores over one database; inside a transaction they write into it. Days are those of the time zone. */
export function sqliteStores(db: DatabaseSync, { timeZone = "UTC" }: { timeZone?: string } = {}): Stores {
  const usage = new SqliteUsageStore(db);
  const events = new SqliteEventStore(db);
  return {
    captures: new SqliteCaptureStore(db),
    usage,
    alerts: new SqliteAlertStore(db),
    history: new SqliteHistoryStore(db, { usage, events, timeZone }),
    budgets: new SqliteBudgetStore(db),
    version: dataVersion(db),
    events,
    shapes: new SqliteShapeStore(db),
    rollups: new SqliteRollupStore(db),
    sessions: new SqliteSessionStore(db),
  };
}
