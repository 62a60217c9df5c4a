import type { RouteTable } from "../web/request_guard.ts";
import type { Labels } from "./metric.ts";
import { HTTP_SECONDS } from "./metrics.ts";
import type { MetricRegistry } from "./registry.ts";

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
  readonly #table: () => RouteTable;
  readonly #metrics: Pick<MetricRegistry, "observe">;
  /** By what is asked most: the strings of a request, without working out labels anew. */
  readonly #known = new Map<string, Labels>();

  constructor(table: () => RouteTable, metrics: Pick<MetricRegistry, "observe">) {
    this.#table = table;
    this.#metrics = metrics;
  }

  record({ seconds, ...answered }: Answered): void {
    this.#metrics.observe(HTTP_SECONDS, this.#labelsOf(answered), seconds);
  }

  #labelsOf({ method, path, status }: Omit<Answered, "seconds">): Labels {
    const key = `${method} ${status} ${path}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const pattern = this.#table().find(path)?.pattern;
    const labels = {
      route: pattern ?? "(none)",
      method: METHODS.has(method) ? method : "(other)",
      status: `${Math.floor(status / 100)}xx`,
    };
    // Patterns without parameters are few; other addresses may be any number.
    if (pattern === path) this.#known.set(key, labels);
    return labels;
  }
}
