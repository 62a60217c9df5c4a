import { RUN_SECONDS } from "../metrics/metrics.ts";
import { durationOf, RunTally } from "../metrics/run_tally.ts";
import { look } from "../metrics/seen.ts";
import type { WebApp, WebServices } from "../web/context.ts";
import { routeOf } from "./answer.ts";
import { z } from "zod";

/** The exposition format, version 0.0.4. */
export const METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

const route = routeOf({
  method: "get",
  path: "/metrics",
  tags: ["Monitoring"],
  summary: "Figures, jobs, alerts and timings for Prometheus",
  description: "The text format, version 0.0.4. What is unknown has no series.",
  responses: { 200: { description: "All metrics", content: { "text/plain": { schema: z.string() } } } },
});

/** GET /metrics */
export function metricsRoute(app: WebApp, services: WebServices): void {
  const { runs, clock, metrics } = services;
  const tally = new RunTally({ runs, startedAt: clock.now() });
  app.openapi(route, async (context) => {
    const { jobs, finished } = tally.look();
    for (const run of finished) {
      const seconds = durationOf(run);
      if (seconds !== null) metrics.observe(RUN_SECONDS, { job: run.job, outcome: run.status }, seconds);
    }
    const text = await metrics.text(look(services, jobs));
    return context.text(text, 200, { "content-type": METRICS_TYPE, "cache-control": "no-store" });
  });
}
