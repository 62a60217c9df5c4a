import type { JsonObject } from "../json.ts";
import type { LedgerEntry } from "./ledger.ts";
import type { FetchedWindow } from "./month.ts";
import type { Rollup } from "./rollup.ts";

/** What the file of a month says about itself. */
export interface MonthFile {
  readonly month: Temporal.PlainYearMonth;
  /** Differs when the file does. */
  readonly fileId: string;
  /** Null where the file does not tell. */
  readonly fetchedAt: Temporal.Instant | null;
  /** Events in the file: the billed ones, where this program wrote it. */
  readonly events: number;
  /** Nothing can change any more: the month need not be fetched again. */
  readonly isComplete: boolean;
  /** Written by this program, not by another tool. */
  readonly isOurs: boolean;
  readonly windows: readonly FetchedWindow[];
  /** What was fetched but is not billed, and so not in the file. */
  readonly excluded: readonly LedgerEntry[];
}

/** Where a fetched page is kept until its month is whole. */
export interface SavedPage {
  readonly file: string;
  readonly sha256: string;
  /** All events of the page. */
  readonly events: number;
  /** Those that are billed. */
  readonly billed: number;
}

/** A page to keep: billed events as they came, and what all of its events are rolled up to. */
export interface NewPage {
  /** Unique in the run, such as "01-2026-w1-r1-p0037". */
  readonly name: string;
  readonly billed: readonly JsonObject[];
  readonly rollup: Rollup;
}

/** A month whose pages have all been read. */
export interface FetchedMonth {
  readonly month: Temporal.PlainYearMonth;
  readonly fetchedAt: Temporal.Instant;
  readonly windows: readonly FetchedWindow[];
  /** In the order of the windows and their pages. */
  readonly pages: readonly SavedPage[];
}

/** Pages of months that are being fetched, by the id of the run that fetches them. */
export interface PageFiles {
  /** Writes the page whole or not at all; the same page may be saved again. */
  save(runId: number, page: NewPage): Promise<SavedPage>;
  /** Whether all pages are there as they were saved. */
  areWhole(runId: number, pages: readonly SavedPage[]): Promise<boolean>;
  /** Deletes the run's pages. */
  discard(runId: number): Promise<void>;
  /** Deletes pages of other runs that nobody has added to since `before`. */
  prune(runId: number, before: Temporal.Instant): Promise<void>;
}

/** The month files. */
export interface MonthFiles {
  /** Months that have a file, oldest first. */
  list(): Promise<Temporal.PlainYearMonth[]>;
  /**
   * What the month's file says; null without a file. A damaged one is set aside with a warning and counts as none.
   * `isThorough` reads it all; else its beginning and end are trusted.
   */
  inspect(
    month: Temporal.PlainYearMonth,
    options: { isThorough: boolean; signal: AbortSignal },
  ): Promise<MonthFile | null>;
  /** The month's events in batches, in the order of the file. @throws TrackerError where it is missing or damaged. */
  events(month: Temporal.PlainYearMonth, options: { signal: AbortSignal }): AsyncIterable<readonly JsonObject[]>;
  /**
   * Puts the pages together and replaces the month's file. The same pages always make the same bytes. The rollup is that
   * of the file, added up from those of its pages.
   */
  assemble(runId: number, fetched: FetchedMonth): Promise<{ file: MonthFile; rollup: Rollup }>;
}
