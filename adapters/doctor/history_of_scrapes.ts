import type { DatabaseSync } from "node:sqlite";
import type { ScrapeOutcome } from "../../domain/outcome.ts";
import { outcomeOf, SCRAPE } from "../../domain/scrape_result.ts";
import type { Session } from "../../domain/sessions.ts";
import type { Run } from "../../domain/run.ts";
import type { Snapshot } from "../../domain/stores.ts";
import { SqliteRunStore } from "../sqlite/run_store.ts";
import { sqliteStores } from "../sqlite/stores.ts";

/** How many runs are looked at. */
const LOOK_BACK = 60;
/** How many sessions are. */
const SESSIONS = 50;

/** The end of a scrape. */
export interface ScrapeEnd {
  readonly runId: number;
  readonly at: Temporal.Instant;
  /** The failure's outcome; null where it succeeded, or failed for a reason that is none of the site's. */
  readonly outcome: ScrapeOutcome | null;
  /** Null where it succeeded. */
  readonly failure: string | null;
}

/** What the database tells of scrapes. */
export interface ScrapeHistory {
  /** The last that ended, but for those that another process kept out. */
  readonly last: ScrapeEnd | null;
  readonly snapshot: Snapshot | null;
  /** The last that the schedule started. */
  readonly lastTick: Run | null;
  readonly sessions: readonly Session[];
}

/** Reads it; null where there is no database. */
export function historyOf(db: DatabaseSync | null): ScrapeHistory | null {
  if (db === null) return null;
  const stores = sqliteStores(db);
  const runs = new SqliteRunStore(db, () => stores).list({ job: SCRAPE, limit: LOOK_BACK });
  const ended = runs.filter((run) => run.status === "succeeded" || run.status === "failed");
  const last = ended.find(({ failure }) => failure === null || outcomeOf(failure) !== "locked");
  return {
    last: last === undefined ? null : endOf(last),
    snapshot: stores.usage.latest(),
    lastTick: runs.find(({ key }) => /^\d{4}-\d\d-\d\dT/.test(key)) ?? null,
    sessions: stores.sessions.list(SESSIONS),
  };
}

function endOf({ id, createdAt, finishedAt, failure }: Run): ScrapeEnd {
  return {
    runId: id,
    at: finishedAt ?? createdAt,
    outcome: failure === null ? null : outcomeOf(failure),
    failure: failure?.message ?? null,
  };
}
