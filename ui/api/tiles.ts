import { TILES } from "../tiles/tiles.ts";
import type { WebApp } from "../web/context.ts";
import { jsonOf, routeOf } from "./answer.ts";
import { z } from "zod";

const answer = z.object({ tiles: z.array(z.object({ id: z.string(), name: z.string() })) });

const route = routeOf({
  method: "get",
  path: "/api/tiles",
  summary: "The dashboard's tiles",
  responses: { 200: jsonOf("In their order", answer) },
});

/** GET /api/tiles */
export function tilesRoute(app: WebApp): void {
  app.openapi(route, (context) => context.json({ tiles: TILES.map(({ id, name }) => ({ id, name })) }, 200));
}
