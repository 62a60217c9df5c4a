import type { Services } from "../services.ts";
import type { WebApp } from "../web/context.ts";
import { HEALTH_PATH, healthOf, statusOf } from "../web/health.ts";
import { jsonOf, routeOf } from "./answer.ts";
import { z } from "zod";

const answer = z.object({ status: z.enum(["ok", "failed"]), version: z.string() });

const route = routeOf({
  method: "get",
  path: HEALTH_PATH,
  summary: "Whether the server and its database answer",
  responses: { 200: jsonOf("Well", answer), 503: jsonOf("The database does not answer", answer) },
});

/** GET /healthz, for container health checks and monitors. */
export function healthRoute(app: WebApp, services: Services): void {
  app.openapi(route, (context) => {
    const health = healthOf(services);
    return context.json(health, statusOf(health));
  });
}
