import { SCRAPE, type ScrapeResult, scrapeResultOf } from "../../domain/capture/scrape.ts";
import type { Clock } from "../../domain/clock.ts";
import type { Log } from "../../domain/log.ts";
import { manualKey, type Run, type RunControl } from "../../domain/runs/run.ts";

/** A run that was interrupted this recently answers for the present; an older one is finished and then repeated. */
const FRESH_MINUTES = 15;

/** What scraping now needs. */
interface Parts {
  readonly runs: RunControl;
  readonly clock: Clock;
}

/** Finishes an interrupted scrape if there is one, else makes a new one; waits for its end. */
export async function scrapeNow({ runs, clock }: Parts): Promise<ScrapeResult> {
  const now = clock.now();
  const resumed = (await runs.resume(SCRAPE)).findLast((run) => isFresh(run, now));
  return scrapeResultOf(resumed ?? await runs.run(SCRAPE, manualKey(now), null));
}

/**
 * Starts a scrape, or joins the one that is going on, as two browsers cannot share a profile; returns it as it begins.
 * @throws TrackerError if the server is stopping.
 */
export function beginScrape({ runs, clock, log }: Parts & { log: Log }): Run {
  const [running] = runs.list({ job: SCRAPE, status: "running", limit: 1 });
  const run = running === undefined
    ? runs.begin(SCRAPE, manualKey(clock.now()), null)
    : runs.begin(SCRAPE, running.key, running.input);
  log.info("scrape.asked_for", { run_id: run.id });
  return run;
}

function isFresh(run: Run, now: Temporal.Instant): boolean {
  return run.status === "succeeded" && run.createdAt.until(now).total("minutes") <= FRESH_MINUTES;
}
