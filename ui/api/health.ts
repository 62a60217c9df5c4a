import type { Services } from "../services.ts";
import type { WebApp } from "../web/context.ts";
import { healthOf } from "../web/health.ts";
import { createRoute, z } from "@hono/zod-openapi";

const answer = z.object({ status: z.enum(["ok", "failed"]), version: z.string() });
const content = { "application/json": { schema: answer } };

const route = createRoute({
  method: "get",
  path: "/healthz",
  summary: "Whether the server and its database answer",
  responses: { 200: { description: "Well", content }, 503: { description: "The database does not answer", content } },
});

/** GET /healthz, for container health checks and monitors. */
export function healthRoute(app: WebApp, services: Services): void {
  app.openapi(route, (context) => {
    const health = healthOf(services);
    return context.json(health, health.status === "ok" ? 200 : 503);
  });
}
