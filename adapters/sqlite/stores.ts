import type { DatabaseSync } from "node:sqlite";
import type { Stores } from "../../domain/stores.ts";
import { SqliteAlertStore } from "./alert_store.ts";
import { SqliteCaptureStore } from "./capture_store.ts";
import { SqliteRollupStore } from "./rollup_store.ts";
import { SqliteUsageStore } from "./usage_store.ts";

/** The domain's stores over one database; inside a transaction they write into it. */
export function sqliteStores(db: DatabaseSync): Stores {
  return {
    captures: new SqliteCaptureStore(db),
    usage: new SqliteUsageStore(db),
    alerts: new SqliteAlertStore(db),
    rollups: new SqliteRollupStore(db),
  };
}
