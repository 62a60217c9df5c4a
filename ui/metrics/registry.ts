import type { Durations, Figure, Labels, Metric, Sample } from "./metric.ts";
import type { Seen } from "./seen.ts";
import type { Histogram } from "prom-client";

/** Durations that wait for the library, some days of them on a quiet server; with more of them it is loaded all the same. */
const MOST_WAITING = 10_000;

type Library = typeof import("prom-client");

/** A duration that is over. */
interface Observed {
  readonly metric: Durations;
  readonly labels: Labels;
  readonly seconds: number;
}

/**
 * What the metrics of the list have come to, as Prometheus reads them. The library is loaded with the first scrape: a
 * server that nobody scrapes does without it, and durations wait until then.
 */
export class MetricRegistry {
  readonly #metrics: readonly Metric[];
  readonly #histograms = new Map<Durations, Histogram>();
  #waiting: Observed[] = [];
  #library: Library | null = null;

  constructor(metrics: readonly Metric[]) {
    this.#metrics = metrics;
  }

  observe(metric: Durations, labels: Labels, seconds: number): void {
    if (this.#library !== null) return this.#histogram(metric, this.#library).observe(labels, seconds);
    this.#waiting.push({ metric, labels, seconds });
    // Where it cannot be loaded, the next scrape says so.
    if (this.#waiting.length === MOST_WAITING) void this.#load().catch(() => undefined);
  }

  /** The exposition format, version 0.0.4. A metric without a series is left out. */
  async text(seen: Seen): Promise<string> {
    const library = await this.#load();
    const registry = new library.Registry();
    for (const metric of this.#metrics) {
      if (metric.kind !== "histogram") addFigure(metric, samplesOf(metric, seen), { library, registry });
      else if (this.#histograms.has(metric)) registry.registerMetric(this.#histogram(metric, library));
    }
    return await registry.metrics();
  }

  async #load(): Promise<Library> {
    const library = this.#library = await import("prom-client");
    for (const { metric, labels, seconds } of this.#waiting.splice(0)) {
      this.#histogram(metric, library).observe(labels, seconds);
    }
    return library;
  }

  #histogram(metric: Durations, { Histogram }: Library): Histogram {
    const known = this.#histograms.get(metric);
    if (known !== undefined) return known;
    const { name, help, labels, buckets } = metric;
    const made = new Histogram({ name, help, labelNames: [...labels], buckets: [...buckets], registers: [] });
    this.#histograms.set(metric, made);
    return made;
  }
}

function samplesOf({ collect }: Figure, seen: Seen): Sample[] {
  const told = collect(seen);
  if (told === null || told === undefined) return [];
  return typeof told === "number" ? [[{}, told]] : [...told];
}

function addFigure(
  { name, help, kind, labels }: Figure,
  samples: readonly Sample[],
  { library: { Counter, Gauge }, registry }: { library: Library; registry: InstanceType<Library["Registry"]> },
): void {
  const known = samples.filter(([, value]) => value !== null);
  if (known.length === 0) return;
  const options = { name, help, labelNames: [...labels], registers: [registry] };
  const metric = kind === "counter" ? new Counter(options) : new Gauge(options);
  for (const [own, value] of known) metric.inc({ ...own }, value ?? 0);
}
