import type { RouteTable } from "../route_table.ts";
import { METRICS } from "./names.ts";
import { DurationHistogram, type DurationSeries } from "./duration_histogram.ts";

const BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/** What was answered. */
export interface Answered {
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
