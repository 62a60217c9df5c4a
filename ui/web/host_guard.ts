import type { Config } from "../../domain/config.ts";
import { type Asked, askedBy } from "./exchange.ts";
import { type Problem, problemAnswer } from "./problem.ts";
import type { MiddlewareHandler } from "@hono/hono";

/** What the guard refuses a request for; null where it lets it pass. */
export type HostGuard = (asked: Pick<Asked, "url" | "header">) => Response | null;

/** Refuses requests for names that are not this server's: see `hostRule`. */
export function hostGuard(
  { bind, dashboard }: Pick<Config, "bind" | "dashboard">,
  { ownNames = [] }: { readonly ownNames?: readonly string[] } = {},
): HostGuard {
  const isAllowed = hostRule([bind.hostname, ...ownNames, ...dashboard.allowedHosts]);
  return (asked) => {
    const wrong = wrongHost(asked, isAllowed);
    return wrong === null ? null : problemAnswer(misdirected(wrong));
  };
}

/** The same before the routes. */
export function refuseForeignHosts(guard: HostGuard): MiddlewareHandler {
  return async function checkHost(context, next) {
    return guard(askedBy(context.req.raw)) ?? await next();
  };
}

/** The address may name another host than the Host header: both must be allowed. */
function wrongHost({ url, header }: Pick<Asked, "url" | "header">, isAllowed: HostRule): string | null {
  const named = header("host");
  if (named !== null) {
    if (!isAllowed(named)) return named;
    if (url.startsWith(`http://${named}/`)) return null;
  }
  const { host, username, password } = new URL(url);
  return isAllowed(host) && username === "" && password === "" ? null : host;
}

function misdirected(host: string): Problem {
  const shown = host.replaceAll(/[^\w.:[\]-]/g, "?").slice(0, 80);
  return {
    status: 421,
    title: "Misdirected request",
    detail: `The host must be an IP address, localhost, this machine's name or one of ALLOWED_HOSTS: ` +
      `current value is "${shown}"`,
    hint: `Open the dashboard by its IP address, or add the name to ALLOWED_HOSTS and start the server again.`,
  };
}

/** Names and ports as a Host header has them: no path, no user, nothing that a URL would read differently. */
const AUTHORITY = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?)\.?)(?::\d{1,5})?$/i;
const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/;

/** Tells whether a Host header, or the host of an address, names this server. */
type HostRule = (authority: string) => boolean;

/**
 * IP addresses, localhost and the given names; "*.example.org" stands for every name below example.org. A page on the
 * internet can make its own name point at this machine, but it cannot make the browser send another name: refusing names
 * that are not ours keeps such a page out.
 */
export function hostRule(names: readonly string[]): HostRule {
  const lower = names.map((name) => name.toLowerCase().replace(/\.$/, ""));
  const exact = new Set(lower.filter((name) => !name.startsWith("*.")));
  const suffixes = [".localhost", ...lower.filter((name) => name.startsWith("*.")).map((name) => name.slice(1))];
  return (authority) => {
    const [, v6, name] = AUTHORITY.exec(authority) ?? [];
    if (v6 !== undefined) return URL.canParse(`http://[${v6}]/`);
    if (name === undefined) return false;
    const host = name.toLowerCase();
    return host === "localhost" || IPV4.test(host) || exact.has(host) || suffixes.some((end) => host.endsWith(end));
  };
}
