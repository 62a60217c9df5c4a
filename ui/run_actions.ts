import { SCRAPE } from "../domain/capture/scrape.ts";
import { TrackerError } from "../domain/errors.ts";
import type { Run } from "../domain/runs/run.ts";
import type { Services } from "./services.ts";
import type { WebServices } from "./web/context.ts";
import { HttpProblem } from "./web/problem.ts";

/** What can be done to runs, for the API and the forms of pages alike. */

/** Starts a scrape, or joins the one that is going on. @throws HttpProblem 409 where the server is stopping. */
export function startScrape(services: WebServices): Run {
  const run = orProblem(() => beginScrape(services));
  services.log.info("scrape.asked_for", { run_id: run.id });
  return run;
}

/** Goes on with a failed or cancelled run. @throws HttpProblem 404, or 409 where it is neither. */
export function retryRun({ runs, log }: WebServices, id: number): Run {
  if (runs.show(id) === null) throw noSuchRun(id);
  const run = orProblem(() => runs.beginRetry(id));
  log.info("run.retry_asked_for", { run_id: id });
  return run;
}

/** Asks a running run to stop. @throws HttpProblem 404, or 409 where it is not running. */
export function cancelRun({ runs, log }: WebServices, id: number): void {
  if (runs.show(id) === null) throw noSuchRun(id);
  if (!runs.cancel(id)) {
    throw new HttpProblem({ status: 409, title: "Conflict", detail: `Cannot cancel run ${id} as it is not running.` });
  }
  log.info("run.cancel_asked_for", { run_id: id });
}

/** That there is no such run. */
export function noSuchRun(id: number): HttpProblem {
  const detail = `There is no run ${id}.`;
  return new HttpProblem({
    status: 404,
    title: "Not found",
    detail,
    hint: "See /api/runs for the runs that are kept.",
  });
}

function orProblem<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof TrackerError)) throw error;
    const hint = error.hint === null ? {} : { hint: error.hint };
    throw new HttpProblem({ status: 409, title: "Conflict", detail: `${error.message}.`, ...hint });
  }
}

/** The key of a scrape that a person asked for. */
export function manualKey(now: Temporal.Instant): string {
  return `manual:${now.toString({ smallestUnit: "millisecond" })}`;
}

/** Starts a scrape, or joins the one that is going on: two browsers cannot share a profile. Answers at once. */
function beginScrape({ runs, clock }: Pick<Services, "runs" | "clock">): Run {
  const [running] = runs.list({ job: SCRAPE, status: "running", limit: 1 });
  if (running !== undefined) return runs.begin(SCRAPE, running.key, running.input);
  return runs.begin(SCRAPE, manualKey(clock.now()), null);
}
