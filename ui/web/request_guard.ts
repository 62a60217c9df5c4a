import { problemResponse } from "./problem.ts";
import type { MiddlewareHandler } from "@hono/hono";

/** Far more than any browser sends us; the runtime itself gives up at 64 KiB. */
const LONGEST_ADDRESS = 4_096;
const MOST_HEADER_BYTES = 16_384;

/** Refuses addresses and headers that no honest client sends. */
export function limitHeaders(): MiddlewareHandler {
  return async function checkHeaders(context, next) {
    const { raw } = context.req;
    if (raw.url.length > LONGEST_ADDRESS) {
      const detail = `The address must have at most ${LONGEST_ADDRESS} characters.`;
      return problemResponse(context, { status: 414, title: "URI too long", detail });
    }
    let bytes = 0;
    raw.headers.forEach((value, name) => bytes += name.length + value.length);
    if (bytes <= MOST_HEADER_BYTES) return await next();
    const detail = `The headers must have at most ${MOST_HEADER_BYTES} bytes.`;
    return problemResponse(context, { status: 431, title: "Request header fields too large", detail });
  };
}

/**
 * Refuses a method that an address does not have with 405, an address that there is not with 404, and answers OPTIONS:
 * each with the Allow header. `table` is asked per request, as routes are added after this.
 */
export function knownMethods(table: () => RouteTable): MiddlewareHandler {
  return async function checkMethod(context, next) {
    const { method, path } = context.req;
    const route = table().find(path);
    if (route === null) {
      return problemResponse(context, {
        status: 404,
        title: "Not found",
        detail: "There is nothing at this address.",
        hint: "See / for the dashboard and /api/docs for the API.",
      });
    }
    const allow = route.methods.join(", ");
    if (method === "OPTIONS") return context.body(null, 204, { allow, "x-content-type-options": "nosniff" });
    if (route.methods.includes(method)) return await next();
    context.header("allow", allow);
    const detail = `The method must be one of ${allow}: current value is "${method.slice(0, 20)}"`;
    return problemResponse(context, { status: 405, title: "Method not allowed", detail });
  };
}

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

/** Where no socket is known, as in a test: all such requests count as one address. */
const UNKNOWN = "unknown";
const MAPPED_IPV4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/**
 * Who sends a request, for limits: the IPv4 address, or the first half of the IPv6 address, as one machine has all
 * addresses of its /64. `env` is the Connection that the server tells. What a header claims does not count.
 */
export function clientAddress(env: unknown): string {
  const hostname = hostnameOf(env);
  if (hostname === null) return UNKNOWN;
  const mapped = MAPPED_IPV4.exec(hostname)?.[1];
  if (mapped !== undefined) return mapped;
  return hostname.includes(":") ? networkOf(hostname) : hostname;
}

function hostnameOf(env: unknown): string | null {
  if (typeof env !== "object" || env === null || !("remoteAddr" in env)) return null;
  const { remoteAddr } = env;
  if (typeof remoteAddr !== "object" || remoteAddr === null || !("hostname" in remoteAddr)) return null;
  return typeof remoteAddr.hostname === "string" ? remoteAddr.hostname : null;
}

/** "2001:db8::1" → "2001:db8:0:0::/64". */
function networkOf(address: string): string {
  const [left = "", right] = (address.split("%")[0] ?? "").split("::");
  const groups = (text: string) => text === "" ? [] : text.split(":");
  const [before, after] = [groups(left), groups(right ?? "")];
  const zeros = right === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  const all = [...before, ...new Array<string>(zeros).fill("0"), ...after];
  const normalized = all.slice(0, 4).map((group) => (Number.parseInt(group, 16) || 0).toString(16));
  return `${normalized.join(":")}::/64`;
}
