import type { AdminApi } from "../domain/billing/admin_api.ts";
import { BILLING_FETCH, type Progress } from "../domain/billing/fetch.ts";
import {
  type FetchedWindow,
  fileMonth,
  latestMonths,
  monthWindows,
  parseFileMonth,
  startOfMonth,
  windowsUntil,
} from "../domain/billing/month.ts";
import type { MonthFiles, PageFiles } from "../domain/billing/month_files.ts";
import type { Clock } from "../domain/clock.ts";
import { TrackerError } from "../domain/errors.ts";
import { isJsonObject, type Json } from "../domain/json.ts";
import { inspectMonth, knownFiles, rollUp, type RollupDeps, saveRollup } from "./billing_rollup.ts";
import { readWindow, type WindowPages } from "./billing_window.ts";
import type { Job, RunContext } from "./job.ts";

/** What the job works with. */
interface BillingFetchDeps<Tx> extends RollupDeps<Tx> {
  readonly api: AdminApi;
  readonly months: MonthFiles;
  readonly pages: PageFiles;
  readonly clock: Clock;
  readonly progress: Progress;
  /** How many months are fetched, the current one included. */
  readonly monthsBack: number;
  readonly pageSize: number;
}

/** What a run may be started with, in place of the settings. */
interface BillingFetchInput {
  readonly monthsBack: number | null;
  /** Fetched whether complete or not. */
  readonly force: readonly Temporal.PlainYearMonth[];
}

/** What is to be done, decided once per run. Months are texts such as "01-2026". */
type Plan = { at: string; pageSize: number; fetch: string[]; rollUp: string[] };

/** Pages that no run has added to for this long are nobody's any more. */
const STALE_PAGES_HOURS = 7 * 24;
const HOUR_MS = 60 * 60 * 1000;

/**
 * Fetches the newest months' events into month files, and rolls these up in the store. Each page is a step, and is kept
 * in a file of its own until its month is whole: a run that was interrupted goes on with the first page that is missing.
 * Complete months are left alone; months that were fetched before they had settled are fetched again, however old.
 */
export function billingFetch<Tx>(deps: BillingFetchDeps<Tx>): Job<Tx> {
  return {
    name: BILLING_FETCH,
    timeoutMs: 24 * HOUR_MS,
    async run(context) {
      const plan = await makePlan(context, deps);
      const at = Temporal.Instant.from(plan.at);
      // Pages of two sizes do not fit together: a run keeps the size that it began with.
      const sized = { ...deps, pageSize: plan.pageSize };
      const results: Json[] = [];
      for (const [index, text] of plan.fetch.entries()) {
        const month = monthOf(text);
        results.push(
          await fetchMonth(context, sized, { month, at, monthNumber: index + 1, months: plan.fetch.length }),
        );
      }
      for (const text of plan.rollUp) await rollUp(context, deps, monthOf(text));
      await context.step("discard pages", async () => {
        await deps.pages.discard(context.run.id);
        return null;
      });
      return { fetched: results, rolled_up: plan.rollUp.map((text) => monthOf(text).toString()) };
    },
  };
}

/** Reads `{"months_back": 6, "force": ["01-2026"]}`, both optional. @throws TrackerError (exit code 2) for anything else. */
export function parseBillingFetchInput(input: Json): BillingFetchInput {
  const fields = isJsonObject(input) ? input : {};
  const monthsBack = fields["months_back"] ?? null;
  if (monthsBack !== null && (typeof monthsBack !== "number" || !Number.isSafeInteger(monthsBack) || monthsBack < 1)) {
    throw refused("The number of months must be a whole number of at least 1", monthsBack);
  }
  const force = fields["force"] ?? [];
  if (!Array.isArray(force)) throw refused("The months to fetch again must be a list", force);
  return { monthsBack, force: force.map((text) => typeof text === "string" ? monthOf(text) : monthOf(String(text))) };
}

async function makePlan<Tx>(context: RunContext<Tx>, deps: BillingFetchDeps<Tx>): Promise<Plan> {
  const { monthsBack, force } = parseBillingFetchInput(context.run.input);
  const known = await knownFiles(context, deps);
  return await context.step("plan", async ({ signal }) => {
    const at = deps.clock.now();
    await deps.pages.prune(context.run.id, at.subtract({ hours: STALE_PAGES_HOURS }));
    const wanted = new Set(latestMonths(at, monthsBack ?? deps.monthsBack).map(fileMonth));
    const forced = new Set(force.map((month) => fileMonth(begunMonth(month, at))));
    const plan: Plan = { at: at.toString(), pageSize: deps.pageSize, fetch: [], rollUp: [] };
    for (const month of await allMonths(deps.months, [...wanted, ...forced])) {
      const text = fileMonth(month);
      const fileId = known[month.toString()];
      const file = await inspectMonth(deps.months, { month, knownFileId: fileId, signal });
      // A file that was listed and is none any more was damaged; one of another tool is only replaced where it is wanted.
      const isWanted = wanted.has(text) || file === null || file.isOurs;
      if (forced.has(text) || (isWanted && file?.isComplete !== true)) plan.fetch.push(text);
      else if (file !== null && file.fileId !== fileId) plan.rollUp.push(text);
    }
    return plan;
  }, { timeoutMs: HOUR_MS });
}

/** Those that are wanted, and all that have a file: oldest first. */
async function allMonths(files: MonthFiles, wanted: readonly string[]): Promise<Temporal.PlainYearMonth[]> {
  const texts = new Set([...wanted, ...(await files.list()).map(fileMonth)]);
  return [...texts].map(monthOf).sort(Temporal.PlainYearMonth.compare);
}

async function fetchMonth<Tx>(
  context: RunContext<Tx>,
  deps: BillingFetchDeps<Tx>,
  place: { month: Temporal.PlainYearMonth; at: Temporal.Instant; monthNumber: number; months: number },
): Promise<Json> {
  const { month, at } = place;
  const read: WindowPages[] = [];
  const begun = windowsUntil(monthWindows(month), at);
  for (const [index, window] of begun.entries()) {
    const pagesBefore = read.reduce((sum, { pages }) => sum + pages.length, 0);
    read.push(
      await readWindow(context, deps, {
        ...place,
        window,
        windowNumber: index + 1,
        windows: begun.length,
        pagesBefore,
      }),
    );
  }
  const windows: FetchedWindow[] = read.map(({ window }) => window);
  const pages = read.flatMap((window) => window.pages);
  const fetched = windows.reduce((sum, { events }) => sum + events, 0);
  return await context.stepAndSave(
    `write ${fileMonth(month)}`,
    () => deps.months.assemble(context.run.id, { month, fetchedAt: at, windows, pages }),
    (tx, { file, rollup }) => {
      saveRollup(deps.rollups(tx), { file, rollup });
      const { events, isComplete } = file;
      context.log.info("billing.month_fetched", { month: month.toString(), events: fetched, complete: isComplete });
      return { month: month.toString(), fetched_events: fetched, billed_events: events, complete: isComplete };
    },
    { timeoutMs: HOUR_MS },
  );
}

function begunMonth(month: Temporal.PlainYearMonth, at: Temporal.Instant): Temporal.PlainYearMonth {
  if (Temporal.Instant.compare(startOfMonth(month), at) <= 0) return month;
  throw refused("A month to fetch must have begun", fileMonth(month));
}

function monthOf(text: string): Temporal.PlainYearMonth {
  const month = parseFileMonth(text);
  if (month === null) throw refused("A month must be written as MM-YYYY", text);
  return month;
}

function refused(rule: string, value: Json): TrackerError {
  return new TrackerError(`${rule}: current value is ${JSON.stringify(value)}`, {
    hint: "For example: tracker billing fetch --months 6 --force 01-2026",
    exitCode: 2,
  });
}
