import { formatMicros } from "../../domain/money.ts";
import type { CycleSpend } from "../../domain/report/reports.ts";
import type { HomeFigures } from "../pages/home_view.ts";
import { formatDate, formatShortMonth } from "../words/format.ts";
import { dollarsOf } from "./chart.ts";
import type { Tile, TileContent } from "./tile.ts";

/** What each cycle came to. */
export const cycleHistory: Tile = { id: "cycle_history", name: "Past cycles", columns: 8, draw };

/** Older cycles are in the table. */
const MOST_BARS = 36;

function draw({ cycles, asOfDate }: HomeFigures): TileContent {
  const note = "What each cycle came to; the last one is still open";
  if (cycles.length < 2) return { note: "What each cycle came to", sentence: "This is the first cycle that is known." };
  const nameOf = ({ cycle: { key, cycle } }: CycleSpend) =>
    `${formatDate(key, asOfDate)} – ${formatDate(cycle.end, asOfDate)}`;
  const shown = cycles.slice(0, MOST_BARS).reverse();
  const openFrom = shown.findIndex(({ isCurrent }) => isCurrent);
  const lastBudget = shown.findLast(({ budget }) => budget !== null)?.budget?.amount ?? null;
  const drawing = {
    kind: "bars" as const,
    unit: "dollars" as const,
    names: shown.map(nameOf),
    ticks: shown.map(({ cycle: { key } }, at) => ({ at, text: formatShortMonth(key) })),
    series: [{ name: "Spent", color: "accent", values: shown.map(({ spend }) => dollarsOf(spend)) }],
    ...(lastBudget === null ? {} : {
      steps: {
        text: `budget ${formatMicros(lastBudget).replace(/\.00$/, "")}`,
        color: "ink",
        values: shown.map(({ budget }) => dollarsOf(budget?.amount ?? null)),
      },
    }),
    ...(openFrom < 0 ? {} : { openFrom }),
  };
  const table = {
    head: ["Cycle", "Spent", "Budget"],
    rows: cycles.map((each) => [
      <a href={each.isCurrent ? "/" : `/?cycle=${each.cycle.key}`}>{nameOf(each)}</a>,
      formatMicros(each.spend),
      formatMicros(each.budget?.amount ?? null),
    ]),
  };
  const label = `Bar chart of the spend of ${shown.length} cycles. The table below has their figures.`;
  return { note, chart: { drawing, label }, table };
}
