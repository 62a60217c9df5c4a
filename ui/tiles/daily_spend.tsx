import { formatMicros, micros } from "../../domain/money.ts";
import { cacheEfficiency } from "../../domain/report/models.ts";
import type { DaySpan } from "../../domain/report/spans.ts";
import type { HomeFigures } from "../pages/home_view.ts";
import { Badge } from "../pages/parts.tsx";
import { formatCount, formatShare } from "../words/format.ts";
import type { ByDay } from "./by_day.ts";
import { dollarsOf, type Mark, namesOf, type Series, spanName, spanNote, spanTicks } from "./chart.ts";
import type { ChartKey, Tile, TileContent } from "./tile.ts";

/** What each day came to, against a usual one. */
export const dailySpend: Tile = { id: "daily_spend", name: "Daily spend", columns: 5, draw };

function draw({ byDay, standing: { today } }: HomeFigures): TileContent {
  return drawDays(byDay, byDay.size === "day" ? today?.usual ?? null : null);
}

/** The same of any days, for a history of which there is no cycle yet. */
export function drawDays(byDay: ByDay, usual: number | null): TileContent {
  const { spans, openFrom } = byDay;
  const isEstimated = spans.some(({ estimated }) => estimated);
  const unknown = [...new Set(spans.flatMap(({ unknownModels }) => unknownModels))];
  const note = `What was spent ${spanNote(byDay)}` +
    (unknown.length === 0 ? "" : `; without ${namesOf(unknown)}, of unknown cost`);
  const known = spans.filter((span) => span.known !== null);
  if (known.length === 0) return { note, sentence: "No cost is known of these days." };
  const table = tableOf(byDay);
  const only = known[0];
  if (spans.length === 1 && only !== undefined) {
    return { note, sentence: `${spanName(only, byDay)} came to ${formatMicros(only.known)} so far.`, table };
  }
  const keys: ChartKey[] = [
    ...(isEstimated ? [{ name: "estimated: spread over a gap", color: "accent", look: "hatched" as const }] : []),
    ...(openFrom === null ? [] : [{ name: "may still change", color: "open" }]),
  ];
  return {
    note,
    chart: { drawing: drawingOf(byDay, usual), label: labelOf(byDay) },
    ...(keys.length === 0 ? {} : { keys }),
    table,
  };
}

function drawingOf(byDay: ByDay, usual: number | null) {
  const { spans, openFrom } = byDay;
  const valuesOf = (isEstimated: boolean) =>
    spans.map(({ known, estimated }) => estimated === isEstimated ? dollarsOf(known) : null);
  const series: Series[] = [{ name: "Spent", color: "accent", values: valuesOf(false) }];
  if (spans.some(({ estimated }) => estimated)) {
    series.push({ name: "Spent, estimated", color: "accent", values: valuesOf(true), look: "hatched" });
  }
  const marks: Mark[] = usual === null ? [] : [{
    text: `usual ${formatMicros(micros(usual))}`,
    value: dollarsOf(usual),
    color: "warn",
    isDashed: true,
  }];
  return {
    kind: "bars" as const,
    unit: "dollars" as const,
    names: spans.map((span) => spanName(span, byDay)),
    ticks: spanTicks(byDay),
    series,
    marks,
    ...(openFrom === null ? {} : { openFrom }),
  };
}

function labelOf(byDay: ByDay): string {
  const highest = byDay.spans.reduce((a, b) => (b.known ?? -1) > (a.known ?? -1) ? b : a);
  return `Bar chart of the spend per ${byDay.size}, highest ${spanName(highest, byDay)} with ` +
    `${formatMicros(highest.known)}. The table below has its figures.`;
}

const HEADS = { day: "Day", week: "Week", month: "Month" } as const;

function tableOf(byDay: ByDay) {
  const rows = byDay.spans.filter(({ isTold }) => isTold).map((span) => [
    <>
      {spanName(span, byDay)} <Marks span={span} />
    </>,
    formatMicros(span.known),
    formatCount(span.tokens.total),
    formatShare(cacheEfficiency(span.tokens)),
  ]);
  return { head: [HEADS[byDay.size], "Spent", "Tokens", "From cache"], rows: rows.reverse() };
}

function Marks({ span: { estimated, unknownModels } }: { span: DaySpan }) {
  return (
    <>
      {estimated ? <Badge basis="estimated" /> : null}
      {unknownModels.length > 0 ? <Badge basis="unknown" /> : null}
    </>
  );
}
