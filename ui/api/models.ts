import { COST_BASES } from "../../domain/capture/usage.ts";
import { toCents } from "../../domain/money.ts";
import { figuresByModel, type ModelFigures } from "../../domain/report/models.ts";
import type { WebApp, WebServices } from "../web/context.ts";
import { answerOf, jsonOf, routeOf } from "./answer.ts";
import { askedCycle, cycleQuery, money, refusals, tokens } from "./schemas.ts";
import { z } from "zod";

const model = answerOf<ModelFigures>()({
  model: [z.string(), (figures) => figures.model],
  tokens: [tokens.schema, (figures) => tokens.json(figures.tokens)],
  api_cost_cents: [money, ({ apiCost }) => toCents(apiCost)],
  api_cost_micros: [money, ({ apiCost }) => apiCost],
  cost_to_you_cents: [money, ({ costToYou }) => toCents(costToYou)],
  cost_to_you_micros: [money, ({ costToYou }) => costToYou],
  cost_basis: [z.enum(COST_BASES), ({ costBasis }) => costBasis],
  cost_per_1k_tokens_micros: [money, ({ costPer1kTokens }) => costPer1kTokens],
  cache_efficiency: [
    z.number().nullable().describe("cache_read / (cache_read + both inputs), 0 to 1"),
    ({ cacheEfficiency }) => cacheEfficiency,
  ],
});

const route = routeOf({
  method: "get",
  path: "/api/models",
  summary: "The cycle's figures by model, the costliest first",
  request: { query: cycleQuery },
  responses: {
    200: jsonOf("Unknown costs are null", z.object({ models: z.array(model.schema) })),
    ...refusals,
  },
});

/** GET /api/models */
export function modelsRoute(app: WebApp, services: WebServices): void {
  app.openapi(route, (context) => {
    const cycle = askedCycle(services, context.req.valid("query").cycle);
    const rows = cycle === null ? [] : services.stores.usage.rows(cycle.lastSnapshotId);
    return context.json({ models: figuresByModel(rows).map(model.json) }, 200);
  });
}
