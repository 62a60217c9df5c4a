import { createRoute, z } from "@hono/zod-openapi";
import type { WebApp, WebServices } from "../app.tsx";
import { Metrics, METRICS_TYPE } from "../metrics/metrics_text.ts";

const route = createRoute({
  method: "get",
  path: "/metrics",
  tags: ["Monitoring"],
  summary: "Figures, jobs, alerts and timings for Prometheus",
  description: "The text format, version 0.0.4. What is unknown has no series.",
  responses: { 200: { description: "All metrics", content: { "text/plain": { schema: z.string() } } } },
});

/** GET /metrics */
export function metricsRoute(app: WebApp, services: WebServices): void {
  const metrics = new Metrics(services);
  app.openapi(
    route,
    async (context) =>
      context.text(await metrics.text(), 200, { "content-type": METRICS_TYPE, "cache-control": "no-store" }),
  );
}
