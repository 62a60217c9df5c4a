import type { Clock } from "../clock.ts";
import { monthName } from "./month.ts";

/** Names of the billing jobs, as runs, schedules and logs have them. */
export const BILLING_FETCH = "billing-fetch";
export const BILLING_ROLLUP = "billing-rollup";
export const BILLING_RECONCILE = "billing-reconcile";

/** How far a fetch has come: "Fetching page 3/12 for January 2026…". */
export interface FetchProgress {
  readonly month: Temporal.PlainYearMonth;
  /** Of the month, from 1. */
  readonly page: number;
  /** Of the month, as far as known; null before the first answer. */
  readonly pages: number | null;
  /** How much of the whole fetch is done before this page, 0 to 1; it never falls but where a window is read again. */
  readonly share: number;
}

/** Shows how far a fetch has come: a bar on a terminal, log lines elsewhere. */
export interface Progress {
  fetching(progress: FetchProgress): void;
}

/** Tells several that want to know, for as long as they do. */
export interface ProgressFeed {
  follow(follower: Progress): Disposable;
}

/** "Fetching page 3/12 for January 2026…"; without the 12 as long as it is not known. */
export function progressText({ month, page, pages }: FetchProgress): string {
  return `Fetching page ${pages === null ? page : `${page}/${pages}`} for ${monthName(month)}…`;
}

/** Estimates how long something goes on, from how far it has come since it began to be watched. */
export class TimeLeft {
  readonly #clock: Clock;
  #first: { readonly atMs: number; readonly share: number } | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** `share` is how much is done, 0 to 1. Milliseconds; null before there is anything to judge by. */
  at(share: number): number | null {
    const atMs = this.#clock.now().epochMilliseconds;
    this.#first ??= { atMs, share };
    const done = share - this.#first.share;
    const elapsedMs = atMs - this.#first.atMs;
    return done <= 0 || elapsedMs <= 0 ? null : Math.round(elapsedMs * (1 - share) / done);
  }
}

/** "about 2 h left", "about 3 min left", "about 40 s left"; empty where it is unknown. */
export function timeLeftText(ms: number | null): string {
  if (ms === null) return "";
  const seconds = Math.ceil(ms / 1000);
  if (seconds < 90) return `about ${seconds} s left`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `about ${minutes} min left` : `about ${Math.round(minutes / 60)} h left`;
}
