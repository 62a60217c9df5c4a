import type { JsonObject } from "../json.ts";
import type { Micros } from "../money.ts";
import type { Rollup, RollupRow } from "./aggregate.ts";
import type { ExcludedSum, LedgerEntry } from "./ledger.ts";
import type { ReadWindow } from "./month.ts";
import type { Window } from "./windows.ts";

/** One page of the events in a window. */
export interface UsageEventQuery extends Window {
  /** From 1. */
  readonly page: number;
  readonly pageSize: number;
}

/** What the API answered. Events are raw: fields that nobody knows yet stay in them. */
export interface UsageEventPage {
  readonly events: readonly JsonObject[];
  /** How many events the whole window holds; null where the API does not tell. */
  readonly totalEvents: number | null;
  /** How many pages there are; null where the API does not tell. */
  readonly pages: number | null;
  /** Null where the API does not tell. */
  readonly hasNextPage: boolean | null;
}

/** What the API says that a member owes for the current cycle. */
export interface MemberSpend {
  /** E-mail in lower case; the user id where there is none. */
  readonly user: string;
  /** On-demand only; null where it is not told. */
  readonly onDemand: Micros | null;
}

/** The team's spend in the current cycle. */
export interface TeamSpend {
  readonly cycleStart: Temporal.Instant | null;
  readonly members: readonly MemberSpend[];
}

/** The Admin API. Retries by itself what can pass; throws TrackerError for the rest. */
export interface AdminApi {
  usageEvents(query: UsageEventQuery, options: { signal: AbortSignal }): Promise<UsageEventPage>;
  teamSpend(options: { signal: AbortSignal }): Promise<TeamSpend>;
}

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
  readonly windows: readonly ReadWindow[];
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
export interface PageContent {
  /** Unique in the run, such as "01-2026-w1-r1-p0037". */
  readonly name: string;
  readonly billed: readonly JsonObject[];
  readonly rollup: Rollup;
}

/** A month whose pages have all been read. */
export interface FetchedMonth {
  readonly month: Temporal.PlainYearMonth;
  readonly fetchedAt: Temporal.Instant;
  readonly windows: readonly ReadWindow[];
  /** In the order of the windows and their pages. */
  readonly pages: readonly SavedPage[];
}

/** Pages of months that are being fetched, by the id of the run that fetches them. */
export interface PageFiles {
  /** Writes the page whole or not at all; the same page may be saved again. */
  save(runId: number, page: PageContent): Promise<SavedPage>;
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

/** What the store knows of a month. */
export interface RolledUpMonth {
  /** "2026-01". */
  readonly month: string;
  /** The file that the rollup was made from. */
  readonly fileId: string;
  readonly fetchedAt: Temporal.Instant | null;
  readonly isComplete: boolean;
  /** Billed events. */
  readonly events: number;
}

/** Rollups of month files: reports are made from these, however many events there are. */
export interface RollupStore {
  /** Replaces all that is known of the month. `rollup.excluded` is the whole ledger. */
  replace(month: Omit<RolledUpMonth, "events">, rollup: Rollup): void;
  /** Oldest first. */
  months(): RolledUpMonth[];
  /** By month, user, model. */
  rows(filter?: { months?: readonly string[]; user?: string; model?: string }): RollupRow[];
  /** What was left out, by reason, largest amount first. */
  excluded(filter?: { months?: readonly string[]; user?: string }): ExcludedSum[];
}

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
