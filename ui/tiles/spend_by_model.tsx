import { formatMicros, sumMicros, ZERO } from "../../domain/money.ts";
import type { ModelFigures } from "../../domain/report/models.ts";
import { ModelName } from "../billing/sections/table.tsx";
import type { HomeFigures } from "../pages/home_view.ts";
import { Badge } from "../pages/parts.tsx";
import { counted, formatCount, formatDay, formatShare } from "../words/format.ts";
import type { ModelColors } from "../words/model_colors.ts";
import { dollarsOf, namesOf, type Series, spanName } from "./chart.ts";
import type { Tile, TileContent } from "./tile.ts";
import { Scroll } from "./tile_frame.tsx";

/** Which models the cycle's spend is made of. */
export const spendByModel: Tile = { id: "spend_by_model", name: "Spend by model", columns: 6, draw };

/** Models beyond these are one click away. */
const MOST_ROWS = 6;
/** Fewer models than this make no chart worth looking at. */
const LEAST_MODELS = 2;

function draw(figures: HomeFigures): TileContent {
  const { models, cycleSpans, cycleModels, colors } = figures;
  if (models.length === 0) return { note: "API cost in the cycle", sentence: "No model was used in the cycle yet." };
  const body = <ModelTables models={models} colors={colors} />;
  const note = noteOf(models);
  const costly = models.filter(({ apiCost }) => apiCost !== null && apiCost > 0);
  if (costly.length < LEAST_MODELS || cycleSpans.length < 2) return { note, body };
  const series = seriesOf(figures);
  const drawing = {
    kind: "bars" as const,
    unit: "dollars" as const,
    names: cycleSpans.map((span) => spanName(span, { size: "day", today: figures.asOfDate })),
    ticks: cycleSpans.map(({ from }, at) => ({ at, text: formatDay(from) })),
    series,
  };
  const label = `Stacked bars of the API cost per day by model, over ${cycleModels.length} days and models. ` +
    "The table below has their sums.";
  return { note, chart: { drawing, label }, body };
}

function noteOf(models: readonly ModelFigures[]): string {
  const costs = models.map(({ apiCost }) => apiCost).filter((cost) => cost !== null);
  const total = sumMicros(costs) ?? ZERO;
  const [first, second, third] = costs;
  if (total === 0 || first === undefined) return "API cost in the cycle";
  if (costs.length === 1) return `API cost in the cycle, all of it ${models[0]?.model}`;
  const top = first + (second ?? 0) + (third ?? 0);
  return costs.length <= 3
    ? `API cost per day in the cycle; ${models[0]?.model} makes ${formatShare(first / total)}`
    : `API cost per day in the cycle; three models make ${formatShare(top / total)}`;
}

/** A layer for each model that has a colour, the costliest at the bottom, and one for all others. */
function seriesOf({ models, cycleSpans, cycleModels, colors }: HomeFigures): Series[] {
  const named = models.filter(({ model, apiCost }) => colors.has(model) && (apiCost ?? 0) > 0);
  const others = models.filter(({ model, apiCost }) => !colors.has(model) && (apiCost ?? 0) > 0);
  const spendOf = (date: Temporal.PlainDate, isMeant: (model: string) => boolean) =>
    dollarsOf(
      sumMicros(
        cycleModels.filter((day) => day.date.equals(date) && isMeant(day.model) && day.apiCost !== null)
          .map(({ apiCost }) => apiCost),
      ) ?? ZERO,
    );
  const layers: Series[] = named.map(({ model }) => ({
    name: model,
    color: `series-${colors.get(model)}`,
    values: cycleSpans.map(({ from }) => spendOf(from, (each) => each === model)),
  }));
  if (others.length === 0) return layers;
  const isOther = new Set(others.map(({ model }) => model));
  const name = others.length === 1 ? others[0]?.model ?? "" : `${others.length} other models`;
  return [...layers, {
    name,
    color: "series-other",
    values: cycleSpans.map(({ from }) => spendOf(from, (model) => isOther.has(model))),
  }];
}

function ModelTables({ models, colors }: { models: readonly ModelFigures[]; colors: ModelColors }) {
  const total = models.reduce((sum, { apiCost }) => sum + (apiCost ?? 0), 0);
  const more = models.slice(MOST_ROWS);
  const unknown = models.filter(({ costBasis }) => costBasis === "unknown").map(({ model }) => model);
  const free = models.filter(({ apiCost, tokens }) => apiCost === 0 && tokens.total > 0).map(({ model }) => model);
  return (
    <>
      <ModelTable label="Models" models={models.slice(0, MOST_ROWS)} total={total} colors={colors} />
      {more.length === 0 ? null : (
        <details>
          <summary>{counted(more.length, "more model")}</summary>
          <ModelTable label="Models that cost less" models={more} total={total} colors={colors} />
        </details>
      )}
      {unknown.length === 0 ? null : (
        <p class="note reason">
          Cursor tells the tokens of {namesOf(unknown)}, but no cost: every total leaves it out rather than call it $0.
        </p>
      )}
      {free.length === 0
        ? null
        : <p class="note reason">$0.00 is what Cursor says of {namesOf(free)}: these tokens are not charged for.</p>}
    </>
  );
}

function ModelTable(props: { label: string; models: readonly ModelFigures[]; total: number; colors: ModelColors }) {
  const { label, models, total, colors } = props;
  return (
    <Scroll label={label}>
      <table class="models">
        <thead>
          <tr>
            <th scope="col">Model</th>
            <th scope="col" class="number">Spent</th>
            <th scope="col" class="number">Share</th>
            <th scope="col" class="number">Tokens</th>
            <th scope="col" class="number wide">Per 1K</th>
            <th scope="col" class="number wide">Cache</th>
          </tr>
        </thead>
        <tbody>{models.map((figures) => <ModelRow figures={figures} total={total} colors={colors} />)}</tbody>
      </table>
    </Scroll>
  );
}

function ModelRow(props: { figures: ModelFigures; total: number; colors: ModelColors }) {
  const { figures, total, colors } = props;
  const { model, apiCost, tokens, costPer1kTokens, costBasis } = figures;
  const share = apiCost === null || total === 0 ? null : apiCost / total;
  return (
    <tr>
      <th scope="row" class="model">
        <ModelName model={model} colorOf={colors} /> {costBasis === "unknown" ? <Badge basis="unknown" /> : null}
      </th>
      <td class="number">{formatMicros(apiCost)}</td>
      <td class="number share">
        {share === null ? null : <ShareBar share={share} color={colors.get(model)} />} {formatShare(share)}
      </td>
      <td class="number">{formatCount(tokens.total)}</td>
      <td class="number wide">{formatMicros(costPer1kTokens)}</td>
      <td class="number wide">{formatShare(figures.cacheEfficiency)}</td>
    </tr>
  );
}

const BAR_WIDTH = 64;

function ShareBar({ share, color }: { share: number; color: number | undefined }) {
  const width = Math.max(2, Math.round(share * BAR_WIDTH));
  return (
    <svg class={`bar fill-series-${color ?? "other"}`} width={BAR_WIDTH} height="6" aria-hidden="true">
      <rect x={BAR_WIDTH - width} width={width} height="6" rx="3" />
    </svg>
  );
}
