import type { Alert } from "../alerts/alert.ts";
import { messageOf } from "../errors.ts";
import { isJsonObject } from "../json.ts";
import type { Failure, Run } from "../runs/run.ts";
import { OUTCOME_MEANING, SCRAPE_OUTCOMES, type ScrapeOutcome } from "./outcome.ts";
import { type Source, SOURCES } from "./usage.ts";

/** Name of the scrape's job, as runs, schedules and logs have it. */
export const SCRAPE = "scrape";

/** What a scrape came to; `scrape --json` prints it. */
export type ScrapeResult = {
  /** Null only where the scrape failed for a reason that is none of the site's: a full disk, a cancel. */
  outcome: ScrapeOutcome | null;
  source: Source | null;
  snapshot_id: number | null;
  rows_count: number;
  table_hash: string | null;
  billing_period_start: string | null;
  billing_period_end: string | null;
  error: string | null;
  hint: string | null;
};

/** The outcome that a failed scrape was kept with; null for a failure that is none of the site's. */
export function outcomeOf(failure: Failure): ScrapeOutcome | null {
  const named = isJsonObject(failure.details) ? failure.details["outcome"] : null;
  return SCRAPE_OUTCOMES.find((outcome) => outcome === named) ?? null;
}

/** What a run's end means as a scrape's result. */
export function scrapeResultOf(run: Run): ScrapeResult {
  const output = run.status === "succeeded" && isJsonObject(run.output) ? run.output : null;
  const text = (key: string) => typeof output?.[key] === "string" ? output[key] : null;
  const count = (key: string) => typeof output?.[key] === "number" ? output[key] : null;
  const stored = SCRAPE_OUTCOMES.find((outcome) => outcome === output?.["outcome"]) ?? null;
  return {
    outcome: run.failure === null ? stored : outcomeOf(run.failure),
    source: SOURCES.find((source) => source === output?.["source"]) ?? null,
    snapshot_id: count("snapshot_id"),
    rows_count: count("rows_count") ?? 0,
    table_hash: text("table_hash"),
    billing_period_start: text("billing_period_start"),
    billing_period_end: text("billing_period_end"),
    error: run.failure?.message ?? unfinished(run),
    hint: run.failure?.hint ?? null,
  };
}

/** The result where the disk is too full for the run itself to be stored. */
export function diskFullResult(error: unknown): ScrapeResult {
  return {
    outcome: "disk_full",
    source: null,
    snapshot_id: null,
    rows_count: 0,
    table_hash: null,
    billing_period_start: null,
    billing_period_end: null,
    error: `${messageOf(error).replace(/\.$/, "")}.`,
    hint: OUTCOME_MEANING.disk_full.hint,
  };
}

/** The exit code of a command that ends with this result. */
export function exitCodeOf({ outcome }: ScrapeResult): number {
  return outcome === null ? 1 : OUTCOME_MEANING[outcome].exitCode;
}

function unfinished({ status }: Run): string | null {
  if (status === "cancelled") return "The scrape was cancelled.";
  return status === "running" ? "The scrape was interrupted; the next start goes on with it." : null;
}

/** Something that a person must know before they trust the figures, and what mends it. */
export interface TroubleNotice {
  /** What is so, as a sentence without a full stop. */
  readonly headline: string;
  /** Why, and what to do; whole sentences. */
  readonly details: string;
  /** The one command that mends it; null where none does. */
  readonly mend: string | null;
}

/** Why there are no new figures. */
export interface Trouble extends TroubleNotice {
  /** Since when scrapes have failed. */
  readonly since: Temporal.Instant;
}

/**
 * What keeps the figures from coming, by the newest scrape that failed: the alert of a row of failures tells of the first.
 * Null where no alert is open. `runs` are scrapes, newest first.
 */
export function troubleOf(alert: Alert | null, runs: readonly Run[]): Trouble | null {
  if (alert === null) return null;
  const failed = runs.find(({ status, failure }) => status === "failed" && !isKeptOut(failure));
  const outcome = failed?.failure === undefined || failed.failure === null ? null : outcomeOf(failed.failure);
  const since = alert.triggeredAt;
  if (failed?.failure === undefined || failed.failure === null || outcome === null) {
    const mend = failed === undefined ? null : `tracker runs show ${failed.id}`;
    return { headline: "The last scrape brought no figures", details: alert.details, mend, since };
  }
  const { headline, mend } = OUTCOME_MEANING[outcome];
  const { message, hint } = failed.failure;
  return {
    headline: headline ?? "The last scrape brought no figures",
    details: [message, hint].filter((part) => part !== null).join(" "),
    mend,
    since,
  };
}

/** A scrape that another process kept out of the profile is no trouble of the site's. */
function isKeptOut(failure: Run["failure"]): boolean {
  return failure !== null && outcomeOf(failure) === "locked";
}
