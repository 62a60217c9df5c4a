import { TILES } from "../tiles/tiles.ts";
import type { WebApp } from "../web/context.ts";
import { createRoute, z } from "@hono/zod-openapi";

const answer = z.object({ tiles: z.array(z.object({ id: z.string(), name: z.string() })) });

const route = createRoute({
  method: "get",
  path: "/api/tiles",
  summary: "The dashboard's tiles",
  responses: { 200: { description: "In their order", content: { "application/json": { schema: answer } } } },
});

/** GET /api/tiles */
export function tilesRoute(app: WebApp): void {
  app.openapi(route, (context) => context.json({ tiles: TILES.map(({ id, name }) => ({ id, name })) }, 200));
}
