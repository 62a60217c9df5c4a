import { type TokenPart, tokenPart } from "../../domain/history/figures.ts";
import { sumTokens } from "../../domain/report/models.ts";
import type { HomeFigures } from "../pages/home_view.ts";
import { formatCount, formatShare } from "../words/format.ts";
import { spanName, spanNote, spanTicks } from "./chart.ts";
import type { Tile, TileContent } from "./tile.ts";

/** What kinds of tokens were used. */
export const tokensByType: Tile = { id: "tokens_by_type", name: "Tokens by type", columns: 6, draw };

/** From the bottom up: what there is least of stands on the ground line, where its height can be read. */
const TYPES = [
  { part: "output", name: "Output", color: "output" },
  { part: "inputWithoutCacheWrite", name: "Input, not cached", color: "input" },
  { part: "inputWithCacheWrite", name: "Input, written to cache", color: "cache-write" },
  { part: "cacheRead", name: "Read from cache", color: "cache-read" },
  { part: "other", name: "Not told apart", color: "series-other" },
] as const satisfies readonly { part: TokenPart; name: string; color: string }[];

function draw({ byDay }: HomeFigures): TileContent {
  const { spans } = byDay;
  const sum = sumTokens(spans.map(({ tokens }) => tokens));
  const note = `Stacked, ${spanNote(byDay)}; ${formatCount(sum.total)} in all`;
  if (sum.total === 0) return { note, sentence: "No tokens were used in these days." };
  const types = TYPES.filter(({ part }) => tokenPart(sum, part) > 0);
  const shares = types.map(({ part, name, color }) => ({
    name,
    color,
    value: `${formatCount(tokenPart(sum, part))} · ${formatShare(tokenPart(sum, part) / sum.total)}`,
  }));
  const table = {
    head: [byDay.size === "day" ? "Day" : byDay.size === "week" ? "Week" : "Month", ...types.map(({ name }) => name)],
    rows: spans.filter(({ isTold }) => isTold).map((span) => [
      spanName(span, byDay),
      ...types.map(({ part }) => formatCount(tokenPart(span.tokens, part))),
    ]).reverse(),
  };
  const keys = shares.toReversed();
  if (spans.length === 1) return { note, keys, table };
  const drawing = {
    kind: "areas" as const,
    unit: "tokens" as const,
    names: spans.map((span) => spanName(span, byDay)),
    ticks: spanTicks(byDay),
    series: types.map(({ part, name, color }) => ({
      name,
      color,
      values: spans.map(({ tokens, isTold }) => isTold ? tokenPart(tokens, part) : 0),
    })),
  };
  const label = `Stacked areas of the tokens per ${byDay.size}: ` +
    `${keys.map(({ name, value }) => `${name} ${value}`).join(", ")}. The table below has their figures.`;
  return { note, keys, chart: { drawing, label }, table };
}
