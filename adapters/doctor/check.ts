import type { Capture } from "../../domain/capture/capture.ts";
import type { ScrapeOutcome } from "../../domain/capture/outcome.ts";
import { outcomeOf, SCRAPE } from "../../domain/capture/scrape.ts";
import type { Session } from "../../domain/capture/session.ts";
import type { Snapshot } from "../../domain/capture/usage.ts";
import type { Clock } from "../../domain/clock.ts";
import type { Config } from "../../domain/config.ts";
import { messageOf } from "../../domain/errors.ts";
import type { Finding } from "../../domain/operations/doctor.ts";
import type { Run } from "../../domain/runs/run.ts";
import { SqliteRunStore } from "../sqlite/runs.ts";
import { sqliteStores } from "../sqlite/stores.ts";
import type { DatabaseSync } from "node:sqlite";

/** What the checks look at. */
export interface Patient {
  /** What is faulty has its default here. */
  readonly config: Config;
  readonly faults: readonly string[];
  /** Names of the variables that are set somewhere. */
  readonly set: ReadonlySet<string>;
  /** PATH as the environment has it. */
  readonly path: string;
  readonly clock: Clock;
  /** Opens the usage page and stores nothing; null where the login is only to be judged by the last scrape. */
  readonly look: ((options: { signal: AbortSignal }) => Promise<Capture>) | null;
  /** Whether others wait meanwhile, as a server's clients do: then nothing may take long without a pause. */
  readonly isServing: boolean;
}

/** What a check gets. */
export interface CheckContext extends Patient {
  /** Aborted when the check's time is up, or all is interrupted. */
  readonly signal: AbortSignal;
  /** The database, for reading; null where there is none. @throws where it cannot be opened. */
  database(): DatabaseSync | null;
  /** What the usage page's host answers to a plain request; asked once for all checks. */
  siteAnswer(): Promise<SiteAnswer>;
}

/** One thing that must be well. What it throws is a failure too. */
export interface Check {
  /** Stable, for programs. */
  readonly name: string;
  /** For people. */
  readonly title: string;
  /** After this long it has failed. Default 10,000. */
  readonly limitMs?: (patient: Patient) => number;
  run(context: CheckContext): Finding | Promise<Finding>;
  /** Mends what can be mended without a person; says each thing that it did. */
  mend?(patient: Patient, options: { say: (text: string) => void }): void | Promise<void>;
}

/** How many runs are looked at. */
const LOOK_BACK = 60;
/** How many sessions are. */
const SESSIONS = 50;

/** The end of a scrape. */
interface ScrapeEnd {
  readonly runId: number;
  readonly at: Temporal.Instant;
  /** The failure's outcome; null where it succeeded, or failed for a reason that is none of the site's. */
  readonly outcome: ScrapeOutcome | null;
  /** Null where it succeeded. */
  readonly failure: string | null;
}

/** What the database tells of scrapes. */
interface ScrapeHistory {
  /** The last that ended, but for those that another process kept out. */
  readonly last: ScrapeEnd | null;
  readonly snapshot: Snapshot | null;
  /** The last that the schedule started. */
  readonly lastTick: Run | null;
  readonly sessions: readonly Session[];
}

/** Reads it; null where there is no database. */
export function scrapeHistory(db: DatabaseSync | null): ScrapeHistory | null {
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

/** What a plain request came to. */
type SiteAnswer =
  | { readonly status: number; readonly date: Temporal.Instant | null; readonly tookMs: number }
  | { readonly fault: "dns" | "tls" | "refused" | "time_out" | "other"; readonly text: string };

/** How the failures of a connection read; the runtime gives no codes. */
const FAULTS = [
  { fault: "dns", says: /dns error|failed to lookup|no such host|name or service not known/i },
  { fault: "tls", says: /certificate|\btls\b|\bssl\b|handshake|UnknownIssuer|corrupt message|InvalidContentType/i },
  { fault: "refused", says: /refused/i },
  { fault: "time_out", says: /timed? ?out/i },
] as const;

/**
 * Asks the site for its headers alone, without cookies. Any answer proves the way there: the bot protection may well refuse
 * a client that is no browser.
 */
export async function askSite(url: URL, { signal }: { signal: AbortSignal }): Promise<SiteAnswer> {
  const startedAtMs = performance.now();
  try {
    const answer = await fetch(new URL("/", url), { method: "HEAD", redirect: "manual", signal });
    await answer.body?.cancel();
    const tookMs = Math.round(performance.now() - startedAtMs);
    return { status: answer.status, date: httpDate(answer.headers.get("date")), tookMs };
  } catch (error) {
    const text = causesOf(error);
    if (signal.aborted) return { fault: "time_out", text: "no answer in time" };
    return { fault: FAULTS.find(({ says }) => says.test(text))?.fault ?? "other", text: lastCause(text) };
  }
}

/** "Sun, 22 Nov 2026 00:08:25 GMT"; null for anything else. */
function httpDate(text: string | null): Temporal.Instant | null {
  const ms = text === null ? NaN : Date.parse(text);
  return Number.isNaN(ms) ? null : Temporal.Instant.fromEpochMilliseconds(ms);
}

/** The error's text with those of its causes: the first alone only says that it failed. */
function causesOf(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? `: ${causesOf(error.cause)}` : "";
  return `${messageOf(error)}${cause}`;
}

/** "error sending request for url (…): client error (Connect): dns error: …": what comes last says most. */
function lastCause(text: string): string {
  return text.replace(/^fetch failed: /, "").replace(/^error sending request[^)]*\):? ?/, "").slice(0, 200);
}
