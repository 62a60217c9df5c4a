import type { WebApp, WebServices } from "../web/context.ts";
import { alertMetrics, freshnessMetrics, modelMetrics, processMetrics, spendMetrics } from "./figures.ts";
import { type MetricName, METRICS, type Sample } from "./names.ts";
import { RunTally } from "./run_tally.ts";
import { createRoute, z } from "@hono/zod-openapi";

/** The exposition format, version 0.0.4. */
export const METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/** Makes what Prometheus reads. */
class Metrics {
  readonly #services: WebServices;
  readonly #runs: RunTally;

  constructor(services: WebServices) {
    this.#services = services;
    this.#runs = new RunTally({ runs: services.runs, startedAt: services.clock.now() });
  }

  async text(): Promise<string> {
    const standing = this.#services.reports.standing();
    const samples = [
      ...spendMetrics(this.#services, standing),
      ...modelMetrics(this.#services, standing),
      ...freshnessMetrics(this.#services),
      ...this.#runs.samples(),
      ...alertMetrics(this.#services),
      ...processMetrics(),
    ];
    const histograms = [this.#runs.histogram, this.#services.timings.histogram].map((one) => one.text());
    return await textOf(samples) + histograms.join("");
  }
}

/** The library is loaded with the first scrape. */
async function textOf(samples: readonly Sample[]): Promise<string> {
  const { Counter, Gauge, Registry } = await import("prom-client");
  const registry = new Registry();
  for (const [name, series] of Map.groupBy(samples, (one) => one.name)) {
    const options = { name, help: METRICS[name].help, labelNames: labelNamesOf(series), registers: [registry] };
    const metric = METRICS[name].type === "counter" ? new Counter(options) : new Gauge(options);
    for (const { labels = {}, value } of series) metric.inc({ ...labels }, value);
  }
  return await registry.metrics();
}

function labelNamesOf(series: readonly Sample[]): string[] {
  return [...new Set(series.flatMap(({ labels = {} }) => Object.keys(labels)))];
}

/** Names that the exposition has for a metric: a histogram has three. */
export function exposedNames(name: MetricName): string[] {
  return METRICS[name].type === "histogram" ? ["_bucket", "_sum", "_count"].map((end) => name + end) : [name];
}

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
