import {
  type AdminApi,
  followingPages,
  type UsageEventPage,
  type UsageEventQuery,
} from "../domain/billing/admin_api.ts";
import type { Progress } from "../domain/billing/fetch.ts";
import { type FetchedWindow, fileMonth, type Window } from "../domain/billing/month.ts";
import type { NewPage, PageFiles, SavedPage } from "../domain/billing/month_files.ts";
import { MonthAggregator } from "../domain/billing/rollup.ts";
import { TrackerError } from "../domain/errors.ts";
import type { JsonObject } from "../domain/json.ts";
import type { RunContext } from "./job.ts";

/** What reads a window. */
interface WindowDeps {
  readonly api: AdminApi;
  readonly pages: PageFiles;
  readonly progress: Progress;
  readonly pageSize: number;
}

/** Which window is read, and how far the fetch had come before it. */
interface WindowPlace {
  readonly window: Window;
  readonly month: Temporal.PlainYearMonth;
  /** Of the month, from 1. */
  readonly windowNumber: number;
  /** How many the month has. */
  readonly windows: number;
  /** Pages of the month's windows before this one. */
  readonly pagesBefore: number;
  readonly monthNumber: number;
  readonly months: number;
}

/** A window, and the pages that make it up. */
export interface WindowPages {
  readonly window: FetchedWindow;
  readonly pages: readonly SavedPage[];
}

/** The result of a page's step: the page itself is in a file, for a step's result should stay small. */
type PageResult = {
  file: string;
  sha256: string;
  events: number;
  billed: number;
  total: number | null;
  pages: number | null;
  hasNextPage: boolean;
};

/** Rows that arrive during a read shift the pages after them: then the window is read again, this often at most. */
const MAX_READS = 3;
const PAGE_TIMEOUT_MS = 20 * 60 * 1000;

/**
 * Reads a window until its pages are proven whole: every page reports the same total, and they add up to it. A window
 * that never comes to rest is taken as it was read last, and its month stays open.
 */
export async function readWindow<Tx>(
  context: RunContext<Tx>,
  deps: WindowDeps,
  place: WindowPlace,
): Promise<WindowPages> {
  for (let read = 1;; read++) {
    const name = `${fileMonth(place.month)}-w${place.windowNumber}-r${read}`;
    const pages = await readPages(context, deps, { ...place, name });
    const areWhole = await context.step(`check ${name}`, async () => {
      return await deps.pages.areWhole(context.run.id, pages);
    });
    const window = summarize(place.window, pages);
    if (areWhole && (window.isProven || read === MAX_READS)) {
      if (!window.isProven) context.log.warn("billing.window_not_proven", { window: name, ...reported(window) });
      return { window, pages };
    }
    if (read === MAX_READS) {
      throw new TrackerError(`Cannot fetch window ${name} as its pages vanish from the disk`, {
        hint: "Check that the disk of DATA_DIR is sound and that no other program cleans it up.",
      });
    }
    context.log.warn("billing.window_reread", { window: name, ...reported(window) });
  }
}

async function readPages<Tx>(
  context: RunContext<Tx>,
  deps: WindowDeps,
  place: WindowPlace & { name: string },
): Promise<PageResult[]> {
  const results: PageResult[] = [];
  const ahead = new PagesAhead(deps.api, context.signal);
  const queryOf = (page: number) => ({ ...place.window, page, pageSize: deps.pageSize });
  for (let page = 1;; page++) {
    const name = `${place.name}-p${String(page).padStart(4, "0")}`;
    const pages = results.at(-1)?.pages ?? null;
    const result = await context.step(`page ${name}`, async ({ signal }): Promise<PageResult> => {
      deps.progress.fetching({
        month: place.month,
        page: place.pagesBefore + page,
        pages: pages === null ? null : place.pagesBefore + pages,
        share: shareBefore(place, { page, pages }),
      });
      const answer = await ahead.take(queryOf(page), { signal });
      const seen = results.reduce((sum, { events }) => sum + events, answer.events.length);
      const following = followingPages(answer, { pageSize: deps.pageSize, seen });
      if (following.hasNextPage) ahead.ask(queryOf(page + 1));
      const saved = await deps.pages.save(context.run.id, pageContent(name, { ...place, events: answer.events }));
      return { ...saved, total: answer.totalEvents, ...following };
      // The page's file is not flushed either: what a power cut takes is asked for again.
    }, { timeoutMs: PAGE_TIMEOUT_MS, isFlushed: false });
    results.push(result);
    if (!result.hasNextPage) return results;
  }
}

/** How much of the fetch is done before the page, 0 to 1: months count alike, and so do the windows of each. */
function shareBefore(place: WindowPlace, { page, pages }: { page: number; pages: number | null }): number {
  const ofWindow = pages === null || pages === 0 ? 0 : Math.min(1, (page - 1) / pages);
  const ofMonth = (place.windowNumber - 1 + ofWindow) / place.windows;
  return (place.monthNumber - 1 + ofMonth) / place.months;
}

function pageContent(
  name: string,
  { month, events }: { month: Temporal.PlainYearMonth; events: readonly JsonObject[] },
): NewPage {
  const aggregator = new MonthAggregator(month);
  const billed = events.filter((event) => aggregator.add(event));
  return { name, billed, rollup: aggregator.result() };
}

function summarize(window: Window, pages: readonly PageResult[]): FetchedWindow {
  const events = pages.reduce((sum, page) => sum + page.events, 0);
  const total = pages.at(-1)?.total ?? null;
  const isProven = total === events && pages.every((page) => page.total === total);
  return { ...window, reportedEvents: total, events, isProven };
}

function reported(window: FetchedWindow) {
  return { events: window.events, reported_events: window.reportedEvents };
}

/** A request that was sent before somebody asked for its answer. */
interface Asked {
  readonly query: UsageEventQuery;
  readonly answer: Promise<UsageEventPage>;
}

/** Asks for a page while the one before it is still being kept: there is never more than one request under way. */
class PagesAhead {
  readonly #api: Pick<AdminApi, "usageEvents">;
  /** Ends what was asked ahead, whoever waits for it. */
  readonly #signal: AbortSignal;
  #asked: Asked | null = null;

  constructor(api: Pick<AdminApi, "usageEvents">, signal: AbortSignal) {
    this.#api = api;
    this.#signal = signal;
  }

  /** The page, which may be on its way already. */
  async take(query: UsageEventQuery, { signal }: { signal: AbortSignal }): Promise<UsageEventPage> {
    const asked = this.#asked;
    this.#asked = null;
    if (asked === null || !isSame(asked.query, query)) return await this.#api.usageEvents(query, { signal });
    return await orAborted(asked.answer, signal);
  }

  /** Asks for the page that is taken next. A failure is told to who takes it. */
  ask(query: UsageEventQuery): void {
    const answer = this.#api.usageEvents(query, { signal: this.#signal });
    // Where nobody takes it any more, nobody needs to know that it failed.
    answer.catch(() => undefined);
    this.#asked = { query, answer };
  }
}

function isSame(a: UsageEventQuery, b: UsageEventQuery): boolean {
  return a.startMs === b.startMs && a.endMs === b.endMs && a.page === b.page && a.pageSize === b.pageSize;
}

async function orAborted<T>(answer: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([answer, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
