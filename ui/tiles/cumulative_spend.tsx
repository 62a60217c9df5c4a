import { cycleEnd } from "../../domain/cycle.ts";
import { formatMicros, type Micros, micros } from "../../domain/money.ts";
import { type SpentBy, spentBy } from "../../domain/report/days.ts";
import type { HomeFigures } from "../pages/home_view.ts";
import { formatDate } from "../words/format.ts";
import { dollarsOf, type Mark, namesOf, type Series, type Tick } from "./chart.ts";
import type { Tile, TileContent } from "./tile.ts";

/** Where the cycle's spend stands, where it will end, and where the last cycle stood by then. */
export const cumulativeSpendTile: Tile = { id: "cumulative_spend", name: "Cumulative spend", columns: 7, draw };

function draw(figures: HomeFigures): TileContent {
  const { points, previous, standing: { spend } } = figures;
  const note = noteOf(figures);
  const last = points.at(-1);
  if (last === undefined || spend.known === null) return { note, sentence: "No cost is known of this cycle." };
  const table = tableOf(figures);
  if (last.day < 1 && previous === null) {
    return { note, sentence: `The cycle is in its first day: ${formatMicros(last.spent)} so far.`, table };
  }
  return { note, chart: { drawing: drawingOf(figures), label: labelOf(figures) }, table };
}

function noteOf({ standing: { spend, budget }, previous }: HomeFigures): string {
  const against = [
    ...(budget === null ? [] : ["the budget"]),
    ...(previous === null ? [] : ["the cycle before (grey)"]),
  ];
  const unknown = spend.unknownModels.length === 0 ? "" : `; without ${namesOf(spend.unknownModels)}, of unknown cost`;
  return `Summed up day by day${against.length === 0 ? "" : `, against ${against.join(" and ")}`}${unknown}`;
}

/** A point of the axis: the end of a day, now, or the end of the cycle. */
interface Stop {
  readonly day: number;
  readonly at: Temporal.Instant;
}

/** Every moment that a line has a point at: those of what was spent, and after them each midnight up to the end. */
function stopsOf({ points, standing, timeZone }: HomeFigures): Stop[] {
  const first = points[0];
  const last = points.at(-1);
  const end = cycleEnd(standing.cycle.cycle);
  if (first === undefined || last === undefined || end === null) return [...points];
  const dayOf = (at: Temporal.Instant) => first.at.until(at).total("hours") / 24;
  const stops: Stop[] = [...points];
  let midnight = last.at.toZonedDateTimeISO(timeZone).startOfDay().add({ days: 1 });
  for (; Temporal.Instant.compare(midnight.toInstant(), end) < 0; midnight = midnight.add({ days: 1 })) {
    stops.push({ day: dayOf(midnight.toInstant()), at: midnight.toInstant() });
  }
  if (Temporal.Instant.compare(last.at, end) < 0) stops.push({ day: dayOf(end), at: end });
  return stops;
}

function drawingOf(figures: HomeFigures) {
  const { timeZone, asOfDate, standing: { budget } } = figures;
  const stops = stopsOf(figures);
  const marks: Mark[] = budget === null ? [] : [{
    text: `budget ${shortMoney(budget.amount)}`,
    value: dollarsOf(budget.amount),
    color: "ink",
  }];
  const dateOf = (at: Temporal.Instant) => at.toZonedDateTimeISO(timeZone).toPlainDate();
  const ticks: Tick[] = stops.slice(0, -1).map(({ day, at }) => ({ at: day, text: formatDate(dateOf(at), asOfDate) }));
  return {
    kind: "lines" as const,
    unit: "dollars" as const,
    names: stops.map(({ at }, index) => nameOfStop(at, { index, figures })),
    at: stops.map(({ day }) => day),
    ticks: ticks.filter((tick, index) => ticks[index - 1]?.text !== tick.text),
    series: seriesOf(figures, stops),
    marks,
  };
}

function nameOfStop(at: Temporal.Instant, { index, figures }: { index: number; figures: HomeFigures }): string {
  const { timeZone, asOfDate, points, standing: { isCurrent } } = figures;
  if (isCurrent && index === points.length - 1) return "now";
  const day = at.subtract({ milliseconds: 1 }).toZonedDateTimeISO(timeZone).toPlainDate();
  return index === 0 ? "start of the cycle" : `end of ${formatDate(day, asOfDate)}`;
}

function seriesOf({ points, previous, standing }: HomeFigures, stops: readonly Stop[]): Series[] {
  const { projection, isCurrent } = standing;
  const { projected, low, high, status } = projection;
  const last = points.at(-1);
  const series: Series[] = [];
  const color = status === "over" ? "bad" : status === "at_risk" ? "warn" : "good";
  const isProjected = isCurrent && projected !== null && last !== undefined && stops.length > points.length;
  const towards = (end: Micros) => stops.map(({ day }) => onTheWay(day, { last, end, until: stops.at(-1)?.day ?? 0 }));
  if (isProjected && low !== null && high !== null && low < high) {
    series.push({ name: "Likely", color, values: towards(high), low: towards(low) });
  }
  if (previous !== null) {
    const values = stops.map(({ day }) => dollarsOf(spentBy(previous.points, day)));
    series.push({ name: "Cycle before", color: "ghost", values });
  }
  if (isProjected) {
    const end = `${shortMoney(projected)} by the end`;
    series.push({ name: "Projected", color, values: towards(projected), look: "dashed", end });
  }
  const spent = stops.map((_, index) => dollarsOf(points[index]?.spent ?? null));
  series.push({ name: "Spent", color: "accent", values: spent });
  return series;
}

/** Straight from what is spent now to the amount at the end; null before now. */
function onTheWay(
  day: number,
  { last, end, until }: { last: SpentBy | undefined; end: Micros; until: number },
): number | null {
  if (last === undefined || day < last.day) return null;
  const share = until === last.day ? 1 : (day - last.day) / (until - last.day);
  return dollarsOf(micros(Math.round(last.spent + (end - last.spent) * share)));
}

function labelOf({ points, standing: { budget, projection, isCurrent } }: HomeFigures): string {
  const spent = formatMicros(points.at(-1)?.spent ?? null);
  const end = isCurrent && projection.projected !== null ? `, projected ${formatMicros(projection.projected)}` : "";
  return `Line chart of the spend so far: ${spent}${end}${
    budget === null ? "" : `, budget ${formatMicros(budget.amount)}`
  }. The table below has its figures.`;
}

function tableOf({ points, previous, cycleSpans, asOfDate }: HomeFigures) {
  const rows = cycleSpans.map(({ from }, index) => {
    const point = points[index + 1];
    return [
      formatDate(from, asOfDate),
      formatMicros(point?.spent ?? null),
      ...(previous === null || point === undefined ? [] : [formatMicros(spentBy(previous.points, point.day))]),
    ];
  });
  return { head: ["By the end of", "Spent", ...(previous === null ? [] : ["Cycle before"])], rows: rows.reverse() };
}

/** "$20" where it is whole. */
function shortMoney(amount: Micros): string {
  return formatMicros(amount).replace(/\.00$/, "");
}
