import type { Services } from "../services.ts";
import type { WebAppOptions } from "./context.ts";
import { healthOf } from "./health.ts";
import { hostGuard } from "./host_guard.ts";

/** Loading the pages keeps the process busy for a moment; whoever waits for the start is answered before that. */
const LOAD_AFTER_MS = 200;

/** Answers HTTP. */
export type WebHandler = (request: Request, info?: Deno.ServeHandlerInfo) => Response | Promise<Response>;

/**
 * Answers from the first moment on: the routes and pages are loaded when the first of them is asked for, or shortly after
 * the start. /healthz needs none of them.
 */
export function lazyWebApp(services: Services, options: WebAppOptions = {}): WebHandler {
  const guard = hostGuard(services.config, options);
  let app: Promise<WebHandler> | null = null;
  const load = () => app ??= import("./app.ts").then(({ createWebApp }) => createWebApp(services, options).fetch);
  const timer = setTimeout(() => void load().catch(() => undefined), LOAD_AFTER_MS);
  Deno.unrefTimer(timer);
  return async (request, info) => {
    if (app === null && request.method === "GET" && new URL(request.url).pathname === "/healthz") {
      const refused = guard(request);
      if (refused !== null) return refused;
      const health = healthOf(services);
      return Response.json(health, { status: health.status === "ok" ? 200 : 503 });
    }
    return await (await load())(request, info);
  };
}
