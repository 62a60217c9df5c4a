import type { MiddlewareHandler } from "@hono/hono";
import type { Config } from "../../domain/config.ts";
import { type HostRule, hostRule } from "./allowed_hosts.ts";
import { type Problem, problemAnswer } from "./problem.ts";

/** What the guard refuses a request for; null where it lets it pass. */
export type HostGuard = (request: Request) => Response | null;

/** Refuses requests for names that are not this server's: see `hostRule`. */
export function hostGuard(
  { bind, dashboard }: Pick<Config, "bind" | "dashboard">,
  { ownNames = [] }: { readonly ownNames?: readonly string[] } = {},
): HostGuard {
  const isAllowed = hostRule([bind.hostname, ...ownNames, ...dashboard.allowedHosts]);
  return (request) => {
    const wrong = wrongHost(request, isAllowed);
    return wrong === null ? null : problemAnswer(misdirected(wrong));
  };
}

/** The same before the routes. */
export function refuseForeignHosts(guard: HostGuard): MiddlewareHandler {
  return async function checkHost(context, next) {
    return guard(context.req.raw) ?? await next();
  };
}

/** The address may name another host than the Host header: both must be allowed. */
function wrongHost(request: Request, isAllowed: HostRule): string | null {
  const header = request.headers.get("host");
  if (header !== null && !isAllowed(header)) return header;
  const { host, username, password } = new URL(request.url);
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
