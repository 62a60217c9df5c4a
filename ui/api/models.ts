import { COST_BASES } from "../../domain/capture/usage.ts";
import { toCents } from "../../domain/money.ts";
import { figuresByModel, type ModelFigures } from "../../domain/report/models.ts";
import type { WebApp, WebServices } from "../web/context.ts";
import { tokensJson } from "./daily.ts";
import { askedCycle, cycleQuery, money, refusals, tokens } from "./schemas.ts";
import { createRoute, z } from "@hono/zod-openapi";

const model = z.object({
  model: z.string(),
  tokens,
  api_cost_cents: money,
  api_cost_micros: money,
  cost_to_you_cents: money,
  cost_to_you_micros: money,
  cost_basis: z.enum(COST_BASES),
  cost_per_1k_tokens_micros: money,
  cache_efficiency: z.number().nullable().describe("cache_read / (cache_read + both inputs), 0 to 1"),
});

const route = createRoute({
  method: "get",
  path: "/api/models",
  summary: "The cycle's figures by model, the costliest first",
  request: { query: cycleQuery },
  responses: {
    200: {
      description: "Unknown costs are null",
      content: { "application/json": { schema: z.object({ models: z.array(model) }) } },
    },
    ...refusals,
  },
});

/** GET /api/models */
export function modelsRoute(app: WebApp, services: WebServices): void {
  app.openapi(route, (context) => {
    const cycle = askedCycle(services, context.req.valid("query").cycle);
    const rows = cycle === null ? [] : services.stores.usage.rows(cycle.lastSnapshotId);
    return context.json({ models: figuresByModel(rows).map(modelJson) }, 200);
  });
}

function modelJson(figures: ModelFigures): z.input<typeof model> {
  return {
    model: figures.model,
    tokens: tokensJson(figures.tokens),
    api_cost_cents: toCents(figures.apiCost),
    api_cost_micros: figures.apiCost,
    cost_to_you_cents: toCents(figures.costToYou),
    cost_to_you_micros: figures.costToYou,
    cost_basis: figures.costBasis,
    cost_per_1k_tokens_micros: figures.costPer1kTokens,
    cache_efficiency: figures.cacheEfficiency,
  };
}
