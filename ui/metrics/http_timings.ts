import type { RouteTable } from "../web/request_guard.ts";
import { METRICS } from "./names.ts";

const BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/** What was answered. */
interface Answered {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly seconds: number;
}

/** How long answers took, by method, route and class of status: never by address, which anybody can invent. */
export class HttpTimings {
  readonly histogram = new DurationHistogram({
    name: "tracker_http_request_duration_seconds",
    help: METRICS.tracker_http_request_duration_seconds.help,
    buckets: BUCKETS,
  });
  readonly #table: () => RouteTable;
  /** By what is asked most: the strings of a request, without working out labels anew. */
  readonly #known = new Map<string, DurationSeries>();

  constructor(table: () => RouteTable) {
    this.#table = table;
  }

  record({ method, path, status, seconds }: Answered): void {
    const key = `${method} ${status} ${path}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known.observe(seconds);
    const pattern = this.#table().find(path)?.pattern;
    const series = this.histogram.series({
      route: pattern ?? "(none)",
      method: METHODS.has(method) ? method : "(other)",
      status: `${Math.floor(status / 100)}xx`,
    });
    // Patterns without parameters are few; other addresses may be any number.
    if (pattern === path) this.#known.set(key, series);
    series.observe(seconds);
  }
}

/** What a histogram of durations is called. */
interface HistogramOptions {
  readonly name: string;
  readonly help: string;
  /** Upper bounds in seconds, rising. */
  readonly buckets: readonly number[];
}

/** One series of a histogram: the durations under one set of labels. */
class DurationSeries {
  readonly #buckets: readonly number[];
  readonly #counts: number[];
  #sum = 0;
  #count = 0;

  constructor(buckets: readonly number[]) {
    this.#buckets = buckets;
    this.#counts = new Array<number>(buckets.length).fill(0);
  }

  observe(seconds: number): void {
    this.#sum += seconds;
    this.#count++;
    const place = this.#buckets.findIndex((bound) => seconds <= bound);
    if (place >= 0) this.#counts[place] = (this.#counts[place] ?? 0) + 1;
  }

  /** The series as lines of the exposition format. */
  *lines(name: string, labels: string): Iterable<string> {
    let upTo = 0;
    for (const [place, bound] of this.#buckets.entries()) {
      upTo += this.#counts[place] ?? 0;
      yield `${name}_bucket{${labels},le="${bound}"} ${upTo}`;
    }
    yield `${name}_bucket{${labels},le="+Inf"} ${this.#count}`;
    yield `${name}_sum{${labels}} ${this.#sum}`;
    yield `${name}_count{${labels}} ${this.#count}`;
  }
}

/**
 * Durations by labels. It is our own, as observing must cost next to nothing and begins before the library that writes
 * the other metrics is loaded.
 */
export class DurationHistogram {
  readonly #options: HistogramOptions;
  readonly #series = new Map<string, DurationSeries>();

  constructor(options: HistogramOptions) {
    this.#options = options;
  }

  /** The series of these labels; made where it is new. */
  series(labels: Readonly<Record<string, string>>): DurationSeries {
    const key = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(value)}"`).join(",");
    const known = this.#series.get(key);
    if (known !== undefined) return known;
    const made = new DurationSeries(this.#options.buckets);
    this.#series.set(key, made);
    return made;
  }

  /** In the exposition format; empty where nothing was observed. */
  text(): string {
    if (this.#series.size === 0) return "";
    const { name, help } = this.#options;
    const lines = [`# HELP ${name} ${help}`, `# TYPE ${name} histogram`];
    for (const [labels, series] of this.#series) lines.push(...series.lines(name, labels));
    return `${lines.join("\n")}\n`;
  }
}

function escapeLabel(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll('"', '\\"');
}
