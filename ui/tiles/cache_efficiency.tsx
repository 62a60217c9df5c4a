import { cacheEfficiency, sumTokens } from "../../domain/report/models.ts";
import type { HomeFigures } from "../pages/home_view.ts";
import { formatCount, formatShare } from "../words/format.ts";
import { spanName, spanNote, spanTicks } from "./chart.ts";
import type { Tile, TileContent } from "./tile.ts";

/** How much of the input came from the cache, at a tenth of its price. */
export const cacheEfficiencyTile: Tile = { id: "cache_efficiency", name: "Cache efficiency", columns: 4, draw };

function draw({ byDay }: HomeFigures): TileContent {
  const { spans } = byDay;
  const told = spans.map((span) => ({ span, share: cacheEfficiency(span.tokens) }));
  const whole = cacheEfficiency(sumTokens(spans.map(({ tokens }) => tokens)));
  const note = `Share of input read from the cache, ${spanNote(byDay)}`;
  const used = told.filter(({ share }) => share !== null);
  if (whole === null) return { note, sentence: "There was no input in these days." };
  const table = {
    head: ["When", "From cache", "Cache read", "Other input"],
    rows: used.map(({ span, share }) => [
      spanName(span, byDay),
      formatShare(share),
      formatCount(span.tokens.cacheRead),
      formatCount(span.tokens.inputWithCacheWrite + span.tokens.inputWithoutCacheWrite),
    ]).reverse(),
  };
  if (used.length < 2) return { note, sentence: `${formatShare(whole)} of the input came from the cache.`, table };
  const drawing = {
    kind: "lines" as const,
    unit: "share" as const,
    names: spans.map((span) => spanName(span, byDay)),
    at: spans.map((_, at) => at),
    ticks: spanTicks(byDay),
    series: [{ name: "From cache", color: "accent", values: told.map(({ share }) => share) }],
    marks: [{ text: `all ${formatShare(whole)}`, value: whole, color: "muted", isDashed: true }],
  };
  const label = `Line chart of the share of input read from the cache, ${formatShare(whole)} over all. ` +
    "The table below has its figures.";
  return { note, chart: { drawing, label }, table };
}
