import type { Run } from "../domain/run.ts";
import { SCRAPE } from "../domain/scrape_result.ts";
import type { Services } from "./services.ts";

/** The key of a scrape that a person asked for. */
export function manualKey(now: Temporal.Instant): string {
  return `manual:${now.toString({ smallestUnit: "millisecond" })}`;
}

/** Starts a scrape, or joins the one that is going on: two browsers cannot share a profile. Answers at once. */
export function beginScrape({ runs, clock }: Pick<Services, "runs" | "clock">): Run {
  const [running] = runs.list({ job: SCRAPE, status: "running", limit: 1 });
  if (running !== undefined) return runs.begin(SCRAPE, running.key, running.input);
  return runs.begin(SCRAPE, manualKey(clock.now()), null);
}
