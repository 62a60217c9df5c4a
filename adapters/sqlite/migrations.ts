import { HISTORY_SCHEMA } from "./schema/history.ts";
import { EVENTS_SCHEMA } from "./schema/events.ts";
import { BILLING_SCHEMA } from "./schema/billing.ts";
import { RUNS_SCHEMA } from "./schema/runs.ts";
import { SESSIONS_SCHEMA } from "./schema/sessions.ts";
import { USAGE_SCHEMA } from "./schema/usage.ts";

/** One numbered change of the schema. Once released it is never edited: a further change is a further migration. */
export interface Migration {
  /** The database's `user_version` after it; from 1, without a gap. */
  readonly version: number;
  /** Pieces of SQL, one per area, run in this order in one transaction. */
  readonly sql: readonly string[];
}

/** All migrations, oldest first. */
export const MIGRATIONS: readonly Migration[] = [
  { version: 1, sql: [RUNS_SCHEMA, USAGE_SCHEMA, HISTORY_SCHEMA, EVENTS_SCHEMA, BILLING_SCHEMA, SESSIONS_SCHEMA] },
];
