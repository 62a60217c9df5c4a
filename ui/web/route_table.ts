/** A route as Hono lists it. */
interface ListedRoute {
  readonly method: string;
  readonly path: string;
}

/** A pattern of addresses, such as "/api/runs/:id", and the methods that it answers. */
export interface KnownRoute {
  readonly pattern: string;
  /** In the order of the Allow header; HEAD where there is GET, and always OPTIONS. */
  readonly methods: readonly string[];
}

/** Tells by an address which route it is, whatever the method. */
export class RouteTable {
  readonly #exact = new Map<string, KnownRoute>();
  readonly #patterns: { readonly regex: RegExp; readonly route: KnownRoute }[] = [];

  constructor(listed: readonly ListedRoute[]) {
    const methods = new Map<string, Set<string>>();
    for (const { method, path } of listed.filter(({ method }) => method !== "ALL")) {
      methods.set(path, (methods.get(path) ?? new Set()).add(method));
    }
    for (const [pattern, set] of methods) {
      const head = set.has("GET") ? ["GET", "HEAD"] : [];
      const rest = [...set].filter((method) => method !== "GET").sort();
      const route = { pattern, methods: [...head, ...rest, "OPTIONS"] };
      if (/[:*]/.test(pattern)) this.#patterns.push({ regex: regexOf(pattern), route });
      else this.#exact.set(pattern, route);
    }
  }

  /** All routes, those without parameters first. */
  list(): KnownRoute[] {
    return [...this.#exact.values(), ...this.#patterns.map(({ route }) => route)];
  }

  /** The route of a path; null where there is none. */
  find(path: string): KnownRoute | null {
    return this.#exact.get(path) ?? this.#patterns.find(({ regex }) => regex.test(path))?.route ?? null;
  }
}

/** "/runs/:id{[0-9]+}" → ^/runs/[0-9]+$ */
function regexOf(pattern: string): RegExp {
  const parts = pattern.split("/").map((part) => {
    const [, own] = /^:\w+(?:\{(.+)\})?$/.exec(part) ?? [null];
    if (part.startsWith(":")) return own ?? "[^/]+";
    return part === "*" ? ".*" : part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  });
  return new RegExp(`^${parts.join("/")}$`);
}
