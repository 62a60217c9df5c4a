import { formatMicros } from "../../domain/money.ts";
import type { ModelFigures } from "../../domain/report/models.ts";
import type { HomeFigures } from "../pages/home_view.ts";
import { dollarsOf, namesOf } from "./chart.ts";
import type { Tile, TileContent } from "./tile.ts";

/** What a thousand tokens of each model came to. */
export const costPer1kTokens: Tile = { id: "cost_per_1k_tokens", name: "Cost per 1K tokens", columns: 4, draw };

/** More rows than these are left to the table. */
const MOST_ROWS = 6;

interface Priced extends ModelFigures {
  readonly costPer1kTokens: NonNullable<ModelFigures["costPer1kTokens"]>;
}

function draw({ models, colors }: HomeFigures): TileContent {
  const priced = models.filter((figures): figures is Priced => figures.costPer1kTokens !== null)
    .sort((a, b) => b.costPer1kTokens - a.costPer1kTokens);
  const unpriced = models.filter((figures) => figures.costPer1kTokens === null).map(({ model }) => model);
  const unknown = unpriced.length === 0 ? "" : `; unknown for ${namesOf(unpriced)}`;
  const shown = priced.slice(0, MOST_ROWS);
  const more = priced.length > shown.length ? `, the dearest ${shown.length} of ${priced.length}` : "";
  const note = `By model, all token types together${more}${unknown}`;
  const [only] = priced;
  if (only === undefined) return { note, sentence: "No model's cost is known." };
  const table = {
    head: ["Model", "Per 1K tokens"],
    rows: priced.map(({ model, costPer1kTokens }) => [model, formatMicros(costPer1kTokens)]),
  };
  if (priced.length === 1) {
    return { note, sentence: `A thousand tokens of ${only.model} came to ${formatMicros(only.costPer1kTokens)}.` };
  }
  const drawing = {
    kind: "rows" as const,
    unit: "price" as const,
    names: shown.map(({ model }) => model),
    ticks: [],
    series: [{
      name: "Per 1K tokens",
      color: "accent",
      values: shown.map(({ costPer1kTokens }) => dollarsOf(costPer1kTokens)),
      colors: shown.map(({ model }) => `series-${colors.get(model) ?? "other"}`),
    }],
  };
  const label = `Bar chart of the cost per 1,000 tokens by model, ${only.model} the dearest with ` +
    `${formatMicros(only.costPer1kTokens)}. The table below has the figures.`;
  return { note, chart: { drawing, label }, table };
}
