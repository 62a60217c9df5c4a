import { z } from "zod";
import { BILLING_FETCH } from "../../../domain/billing/jobs.ts";
import { monthName } from "../../../domain/billing/month.ts";
import type { Json } from "../../../domain/json.ts";
import type { Run } from "../../../domain/run.ts";
import type { Services } from "../../services.ts";
import type { CliContext } from "../context.ts";
import { withFetchProgress } from "../fetch_progress.ts";
import { type CommonOptions, writeJson } from "../output.ts";
import { outputOf } from "../run_end.ts";
import { requireKey } from "./require_key.ts";

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
  return await runs.run(BILLING_FETCH, `manual:${now.toString({ smallestUnit: "millisecond" })}`, input);
}

function describe({ fetched, rolled_up }: z.output<typeof fetchResult>): string {
  const count = (events: number) => events.toLocaleString("en-US");
  const lines = fetched.map(({ month, fetched_events, billed_events, complete }) => {
    const name = monthName(Temporal.PlainYearMonth.from(month));
    const state = complete ? "complete" : "still open";
    return `${name}: ${count(fetched_events)} events fetched, ${count(billed_events)} of them billed, ${state}.\n`;
  });
  if (rolled_up.length > 0) lines.push(`Read from the folder: ${rolled_up.join(", ")}.\n`);
  return lines.length === 0 ? "Nothing to fetch: every month is complete.\n" : lines.join("");
}
