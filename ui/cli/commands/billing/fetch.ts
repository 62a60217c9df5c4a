import {
  BILLING_FETCH,
  type FetchProgress,
  type Progress,
  progressText,
  TimeLeft,
  timeLeftText,
} from "../../../../domain/billing/fetch.ts";
import { monthName } from "../../../../domain/billing/month.ts";
import type { Config } from "../../../../domain/config.ts";
import { TrackerError } from "../../../../domain/errors.ts";
import type { Json } from "../../../../domain/json.ts";
import { manualKey, type Run } from "../../../../domain/runs/run.ts";
import type { Services } from "../../../services.ts";
import { formatInteger } from "../../../words/format.ts";
import type { CliContext, Terminal } from "../../context.ts";
import { type CommonOptions, outputOf, writeJson } from "../../output.ts";
import { z } from "zod";

/** Options of `tracker billing fetch`. */
export interface FetchOptions extends CommonOptions {
  readonly months?: number;
  /** "01-2026". */
  readonly force?: readonly string[];
}

const fetchResult = z.object({
  fetched: z.array(z.object({
    month: z.string(),
    fetched_events: z.number(),
    billed_events: z.number(),
    complete: z.boolean(),
  })),
  rolled_up: z.array(z.string()),
});

/** A run of the same wish that began this recently is gone on with; its figures are new enough. */
const FRESH_HOURS = 24;

/** `tracker billing fetch`. @throws TrackerError where the API refuses or cannot be reached. */
export async function fetchBilling(context: CliContext, { months, force, json = false }: FetchOptions): Promise<void> {
  requireKey(context.config());
  const input = months === undefined && force === undefined ? null : {
    ...(months === undefined ? {} : { months_back: months }),
    ...(force === undefined ? {} : { force: [...force] }),
  };
  await context.withServices({ echo: "warn" }, async (services) => {
    const run = await withFetchProgress(context.terminal, services, () => fetchOnce(services, input));
    const result = fetchResult.parse(outputOf(run));
    if (json) writeJson(context.terminal, { run_id: run.id, ...result });
    else context.terminal.write(describe(result));
  });
}

/** Goes on with an interrupted or failed fetch of the same wish, so that no page is asked for twice; else begins one. */
async function fetchOnce({ runs, clock }: Services, input: Json): Promise<Run> {
  const now = clock.now();
  const isWanted = (run: Run) =>
    JSON.stringify(run.input) === JSON.stringify(input) && run.createdAt.until(now).total("hours") <= FRESH_HOURS;
  const resumed = (await runs.resume(BILLING_FETCH)).findLast(isWanted);
  if (resumed !== undefined) return resumed;
  const last = runs.list({ job: BILLING_FETCH, limit: 1 })[0];
  if (last?.status === "failed" && isWanted(last)) return await runs.retry(last.id);
  return await runs.run(BILLING_FETCH, manualKey(now), input);
}

function describe({ fetched, rolled_up }: z.output<typeof fetchResult>): string {
  const lines = fetched.map(({ month, fetched_events, billed_events, complete }) => {
    const name = monthName(Temporal.PlainYearMonth.from(month));
    const state = complete ? "complete" : "still open";
    return `${name}: ${formatInteger(fetched_events)} events fetched, ${
      formatInteger(billed_events)
    } of them billed, ${state}.\n`;
  });
  if (rolled_up.length > 0) lines.push(`Read from the folder: ${rolled_up.join(", ")}.\n`);
  return lines.length === 0 ? "Nothing to fetch: every month is complete.\n" : lines.join("");
}

const BAR_COLUMNS = 24;

/** Shows how far a fetch has come while `work` goes on: a bar with the time left for a person, a line per page otherwise. */
export async function withFetchProgress<T>(
  terminal: Terminal,
  { clock, fetchProgress }: Pick<Services, "clock" | "fetchProgress">,
  work: () => Promise<T>,
): Promise<T> {
  const { showStatus } = terminal;
  if (showStatus === undefined) {
    using _lines = fetchProgress.follow({ fetching: (page) => terminal.writeError(`${progressText(page)}\n`) });
    return await work();
  }
  showStatus("Looking at the month files…");
  try {
    const show = (page: FetchProgress, left: string) =>
      showStatus(progressLine(page, { left, columns: terminal.columns }));
    using _bar = fetchProgress.follow(barFollower(show, new TimeLeft(clock)));
    return await work();
  } finally {
    showStatus(null);
  }
}

/** Moves forward only: a window that is read again does not take the bar back. */
export function barFollower(show: (page: FetchProgress, left: string) => void, timeLeft: TimeLeft): Progress {
  let share = 0;
  return {
    fetching(page) {
      share = Math.max(share, page.share);
      show({ ...page, share }, timeLeftText(timeLeft.at(page.share)));
    },
  };
}

/** "━━━━━━────── 50 % Fetching page 3/6 for January 2026… about 40 s left", less of it where the terminal is narrow. */
export function progressLine(page: FetchProgress, { left, columns }: { left: string; columns: number }): string {
  const percent = `${Math.floor(page.share * 100)} %`.padStart(4);
  const text = progressText(page);
  const full = Math.round(page.share * BAR_COLUMNS);
  const bar = "━".repeat(full) + "─".repeat(BAR_COLUMNS - full);
  const short = left.replace("about ", "~");
  const lines = [[bar, percent, text, left], [percent, text, left], [percent, text, short], [percent, short], [
    percent,
  ]];
  const written = lines.map((parts) => parts.filter((part) => part !== "").join(" "));
  return written.find((line) => line.length < columns) ?? percent;
}

/** @throws TrackerError (exit code 2) where there is no key for the Admin API. */
export function requireKey({ apiKey }: Config): void {
  if (apiKey !== null) return;
  throw new TrackerError("Cannot use the Admin API as CURSOR_API_KEY is not set", {
    hint: "Set CURSOR_API_KEY to an Admin API key: a team admin makes one on cursor.com under Settings, Advanced.",
    exitCode: 2,
  });
}
