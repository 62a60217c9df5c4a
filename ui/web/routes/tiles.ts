import { createRoute, z } from "@hono/zod-openapi";
import type { WebApp } from "../app.tsx";
import { TILES } from "../tiles/mod.ts";

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
