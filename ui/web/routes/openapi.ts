import { createRoute, z } from "@hono/zod-openapi";
import type { WebApp } from "../app.tsx";
import { apiDocument } from "../openapi/document.ts";

const route = createRoute({
  method: "get",
  path: "/api/openapi.json",
  summary: "This description, in OpenAPI 3.1",
  responses: {
    200: {
      description: "The document",
      content: {
        "application/json": {
          schema: z.looseObject({ openapi: z.string().openapi({ example: "3.1.0" }) }),
          example: { openapi: "3.1.0" },
        },
      },
    },
  },
});

/** GET /api/openapi.json: made when it is first asked for, as it does not change while the server runs. */
export function openapiRoute(app: WebApp): void {
  let text: string | null = null;
  app.openAPIRegistry.registerPath(route);
  app.get(route.path, () => {
    text ??= JSON.stringify(apiDocument(app));
    return new Response(text, { headers: { "content-type": "application/json; charset=utf-8" } });
  });
}
