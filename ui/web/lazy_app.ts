import type { Services } from "../services.ts";
import type { WebAppOptions } from "./context.ts";
import type { Fetch, WebHandler } from "./exchange.ts";
import { healthAtOnce } from "./health.ts";
import { hostGuard } from "./host_guard.ts";

/** Answers from the first moment on: /healthz needs none of the routes and pages, which are loaded when they are asked for. */
export function lazyWebApp(services: Services, options: WebAppOptions = {}): WebHandler {
  const health = healthAtOnce(services, hostGuard(services.config, options));
  let app: { readonly fetch: Fetch; readonly atOnce: WebHandler["atOnce"] } | null = null;
  return {
    atOnce: (asked) => app === null ? health(asked) : app.atOnce(asked),
    async load() {
      const { createWebApp } = await import("./app.ts");
      app ??= createWebApp(services, options);
      return app.fetch;
    },
  };
}
