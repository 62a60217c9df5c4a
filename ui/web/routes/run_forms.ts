import type { WebApp, WebServices } from "../app.tsx";
import { type FlashName, withFlash } from "../flash.ts";
import { HttpProblem } from "../problem.ts";
import { cancelRun, retryRun, startScrape } from "../run_actions.ts";
import { pathId } from "../path_id.ts";

/** POST /runs/scrape, /runs/:id/retry and /runs/:id/cancel: the pages' forms, which work without any script. */
export function runForms(app: WebApp, services: WebServices): void {
  app.post("/runs/scrape", (context) => {
    const { id } = startScrape(services);
    return context.redirect(withFlash(`/runs/${id}`, "scrape-started"), 303);
  });
  app.post("/runs/:id/retry", (context) => {
    const id = pathId(context.req.param("id"), { what: "run" });
    const said = unlessConflict(() => void retryRun(services, id), { done: "run-retried", not: "run-not-retryable" });
    return context.redirect(withFlash(`/runs/${id}`, said), 303);
  });
  app.post("/runs/:id/cancel", (context) => {
    const id = pathId(context.req.param("id"), { what: "run" });
    const said = unlessConflict(() => cancelRun(services, id), { done: "run-cancelling", not: "run-not-running" });
    return context.redirect(withFlash(`/runs/${id}`, said), 303);
  });
}

/** What the page says: that it is done, or that it does not fit what has become of the run meanwhile. */
function unlessConflict(act: () => void, { done, not }: { done: FlashName; not: FlashName }): FlashName {
  try {
    act();
    return done;
  } catch (error) {
    if (error instanceof HttpProblem && error.problem.status === 409) return not;
    throw error;
  }
}
