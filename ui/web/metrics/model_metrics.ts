import { figuresByModel, type ModelFigures, sumTokens } from "../../../domain/figures.ts";
import { sumMicros } from "../../../domain/money.ts";
import type { Standing } from "../../../domain/report/standing.ts";
import type { WebServices } from "../app.tsx";
import { dollarsOf, type Sample, sample } from "./names.ts";

/** The costliest models have series of their own, the rest one together: whatever models there will be, no more. */
const MOST_MODELS = 20;
const REST = "other";
const LONGEST_NAME = 100;

/** Tokens by type and spend, by model. */
export function modelMetrics({ config }: WebServices, standing: Standing | null): Sample[] {
  if (standing === null) return [];
  const byModel = figuresByModel(standing.rows);
  const groups = Map.groupBy(byModel, (figures) => labelOf(figures, byModel.indexOf(figures)));
  return [...groups].flatMap(([model, figures]) => {
    const tokens = sumTokens(figures.map((one) => one.tokens));
    const costs = figures.map(({ apiCost, costToYou }) => config.spendMetric === "api_cost" ? apiCost : costToYou);
    const byType = {
      input_with_cache_write: tokens.inputWithCacheWrite,
      input_without_cache_write: tokens.inputWithoutCacheWrite,
      cache_read: tokens.cacheRead,
      output: tokens.output,
    };
    return [
      ...Object.entries(byType).flatMap(([type, count]) => sample("tracker_cycle_tokens", count, { type, model })),
      ...sample("tracker_cycle_model_spend_dollars", dollarsOf(sumMicros(costs)), { model }),
    ];
  });
}

function labelOf({ model }: ModelFigures, place: number): string {
  return place < MOST_MODELS ? model.slice(0, LONGEST_NAME) : REST;
}
