import { createRoute, z } from "@hono/zod-openapi";
import { messageOf } from "../../../domain/errors.ts";
import { VERSION } from "../../../domain/version.ts";
import type { Services } from "../../services.ts";
import type { WebApp } from "../app.tsx";

const answer = z.object({ status: z.enum(["ok", "failed"]), version: z.string() });
const content = { "application/json": { schema: answer } };

const route = createRoute({
  method: "get",
  path: "/healthz",
  summary: "Whether the server and its database answer",
  responses: { 200: { description: "Well", content }, 503: { description: "The database does not answer", content } },
});

/** GET /healthz, for container health checks and monitors. */
export function healthRoute(app: WebApp, { stores, log }: Services): void {
  app.openapi(route, (context) => {
    try {
      stores.usage.latest();
      return context.json({ status: "ok" as const, version: VERSION }, 200);
    } catch (error) {
      log.error("health.database_failed", { error: messageOf(error) });
      return context.json({ status: "failed" as const, version: VERSION }, 503);
    }
  });
}
