import { messageOf } from "../../domain/errors.ts";
import { VERSION } from "../../domain/version.ts";
import type { Services } from "../services.ts";
import type { Asked, WholeAnswer } from "./exchange.ts";
import type { HostGuard } from "./host_guard.ts";
import { OF_DATA } from "./security_headers.ts";

export const HEALTH_PATH = "/healthz";

/** What GET /healthz answers. */
interface Health {
  readonly status: "ok" | "failed";
  readonly version: string;
}

/** Asks the database for something small. */
export function healthOf({ stores, log }: Pick<Services, "stores" | "log">): Health {
  try {
    stores.usage.latest();
    return { status: "ok", version: VERSION };
  } catch (error) {
    log.error("health.database_failed", { error: messageOf(error) });
    return { status: "failed", version: VERSION };
  }
}

/** The status that tells it. */
export function statusOf({ status }: Health): 200 | 503 {
  return status === "ok" ? 200 : 503;
}

/** Answers GET /healthz without the routes, as the route does; null for everything else, and what is to be refused. */
export function healthAtOnce(
  services: Pick<Services, "stores" | "log">,
  guard: HostGuard,
): (asked: Asked) => WholeAnswer | null {
  return (asked) => {
    const isAsked = asked.method === "GET" && asked.url === `http://${asked.header("host")}${HEALTH_PATH}`;
    if (!isAsked || guard(asked) !== null) return null;
    const health = healthOf(services);
    const body = new TextEncoder().encode(JSON.stringify(health));
    const headers = { "content-type": "application/json", "content-length": String(body.byteLength), ...OF_DATA };
    return { status: statusOf(health), headers, body };
  };
}
