import { createRoute, z } from "@hono/zod-openapi";
import { figuresByModel, type ModelFigures } from "../../../domain/figures.ts";
import { toCents } from "../../../domain/money.ts";
import { COST_BASES, type TokenCounts } from "../../../domain/usage.ts";
import type { Services } from "../../services.ts";
import type { WebApp } from "../app.tsx";

const money = z.int().nullable();
const tokens = z.object({
  input_with_cache_write: z.int(),
  input_without_cache_write: z.int(),
  cache_read: z.int(),
  output: z.int(),
  total: z.int(),
});
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
  responses: {
    200: {
      description: "Unknown costs are null",
      content: { "application/json": { schema: z.object({ models: z.array(model) }) } },
    },
  },
});

/** GET /api/models */
export function modelsRoute(app: WebApp, { stores }: Services): void {
  app.openapi(route, (context) => {
    const snapshot = stores.usage.latest();
    const rows = snapshot === null ? [] : stores.usage.rows(snapshot.id);
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

/** Token counts as every answer of the API has them. */
export function tokensJson(counts: TokenCounts): z.input<typeof tokens> {
  return {
    input_with_cache_write: counts.inputWithCacheWrite,
    input_without_cache_write: counts.inputWithoutCacheWrite,
    cache_read: counts.cacheRead,
    output: counts.output,
    total: counts.total,
  };
}
