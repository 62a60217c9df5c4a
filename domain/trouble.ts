import { OUTCOME_MEANING } from "./outcome.ts";
import type { Run } from "./run.ts";
import { outcomeOf } from "./scrape_result.ts";
import type { Alert } from "./stores.ts";

/** Something that a person must know before they trust the figures, and what mends it. */
export interface Notice {
  /** What is so, as a sentence without a full stop. */
  readonly headline: string;
  /** Why, and what to do; whole sentences. */
  readonly details: string;
  /** The one command that mends it; null where none does. */
  readonly mend: string | null;
}

/** Why there are no new figures. */
export interface Trouble extends Notice {
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
