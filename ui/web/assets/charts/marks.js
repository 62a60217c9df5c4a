// What stands beside a chart's own drawing: labels over time, levels with their names, what may still change.
import { colorOf } from "./options.js";
import { largestOf, scaleOf, textWidth, ticksThatFit, valueText } from "./axis.js";

const SVG = "http://www.w3.org/2000/svg";
/** Names beside the plot stand at least so far apart. */
const LINE_HEIGHT = 15;

export function svg(name, attributes, text) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  if (text !== undefined) element.textContent = text;
  return element;
}

/** Where a chart's values are on the screen, from the plot's upper left corner. */
export function plotOf(apex, chart) {
  const { gridWidth: width, gridHeight: height, translateX, translateY } = apex.w.globals;
  const { max } = scaleOf(largestOf(chart), chart.unit);
  const count = chart.names.length;
  const at = chart.at ?? chart.names.map((_, index) => index);
  const [first, last] = [at[0], at.at(-1)];
  const xOf = chart.kind === "bars"
    ? (value) => (value + 0.5) * width / count
    : (value) => last === first ? 0 : (value - first) / (last - first) * width;
  return { width, height, translateX, translateY, at, xOf, yOf: (value) => height * (1 - value / max) };
}

/** Draws them anew. */
export function drawMarks(apex, { chart, place }) {
  place.querySelectorAll(".marks").forEach((old) => old.remove());
  const inner = place.querySelector(".apexcharts-inner");
  if (inner === null) return;
  const plot = plotOf(apex, chart);
  const above = svg("g", { class: "marks" });
  inner.append(above);
  if (chart.kind === "rows") {
    above.append(...rowTexts(chart, { plot, place }));
    return;
  }
  if (chart.openFrom !== undefined) inner.prepend(openBand(chart, plot));
  above.append(
    ...loners(chart, plot),
    ...tickTexts(chart, { plot, place }),
    ...levels(chart, plot),
    ...steps(chart, plot),
    ...names(chart, plot),
  );
}

/** The names over a row's bar, and its value at the other end. */
function rowTexts({ names, series: [{ values }], unit }, { plot: { width, height }, place }) {
  const row = height / names.length;
  return names.flatMap((name, at) => {
    // Over the bar, which takes the middle 22 % of its row.
    const y = row * at + row * 0.39 - 5;
    const value = valueText(values[at], unit);
    const room = width - textWidth(value, place) - 12;
    return [
      svg("text", { x: 0, y, class: "name" }, fitted(name, { room, place })),
      svg("text", { x: width, y, "text-anchor": "end", class: "value" }, value),
    ];
  });
}

/** The text, or as much of it as there is room for. */
function fitted(text, { room, place }) {
  let shown = text;
  while (shown.length > 1 && textWidth(shown, place) > room) shown = `${shown.replace(/…$/, "").slice(0, -1)}…`;
  return shown;
}

function tickTexts({ ticks }, { plot: { width, height, xOf }, place }) {
  return ticksThatFit(ticks, { xOf, width, place }).map(({ x, text }) =>
    svg("text", { x, y: height + 18, "text-anchor": "middle", class: "tick" }, text)
  );
}

function levels({ marks = [] }, { width, yOf }) {
  return marks.map(({ value, color, isDashed }) =>
    svg("line", {
      class: "level",
      x1: 0,
      x2: width,
      y1: yOf(value),
      y2: yOf(value),
      stroke: colorOf(color),
      "stroke-width": 1,
      "stroke-dasharray": isDashed ? "4 3" : "none",
    })
  );
}

/** A point between two unknown ones makes no line: it is a dot. */
function loners({ kind, series }, { at, xOf, yOf }) {
  if (kind !== "lines") return [];
  return series.filter(({ low }) => low === undefined).flatMap(({ values, color }) =>
    values.flatMap((value, index) => {
      const isAlone = value !== null && (values[index - 1] ?? null) === null && (values[index + 1] ?? null) === null;
      if (!isAlone) return [];
      return [svg("circle", { class: "loner", cx: xOf(at[index]), cy: yOf(value), r: 2.5, fill: colorOf(color) })];
    })
  );
}

/** A level of each bar's own. */
function steps({ steps: own, names }, { width, yOf }) {
  const step = width / names.length;
  return (own?.values ?? []).flatMap((value, at) =>
    value === null ? [] : [svg("line", {
      class: "level",
      x1: at * step + 1,
      x2: (at + 1) * step - 1,
      y1: yOf(value),
      y2: yOf(value),
      stroke: colorOf(own.color),
      "stroke-width": 1.5,
    })]
  );
}

/** Names of levels and line ends, to the right of the plot and never over one another. */
function names({ marks = [], series, steps: own }, { width, height, yOf }) {
  const ends = series.filter(({ end }) => end !== undefined).map(({ end, color, values }) => ({
    text: end,
    color,
    value: values.findLast((value) => value !== null) ?? 0,
  }));
  const last = own?.values.findLast((value) => value !== null);
  const named = last === undefined ? [] : [{ text: own.text, color: own.color, value: last }];
  const placed = [...marks, ...named, ...ends].map((name) => ({ ...name, y: yOf(name.value) })).sort((a, b) =>
    a.y - b.y
  );
  for (const [at, name] of placed.entries()) {
    if (at > 0) name.y = Math.max(name.y, placed[at - 1].y + LINE_HEIGHT);
  }
  for (let at = placed.length - 1; at >= 0; at--) {
    placed[at].y = Math.min(placed[at].y, height - 2 - (placed.length - 1 - at) * LINE_HEIGHT);
  }
  return placed.map(({ text, color, y }) =>
    svg("text", { class: "name", x: width + 6, y: y + 4, fill: colorOf(color) }, text)
  );
}

/** A shade behind the bars that may still change. */
function openBand({ openFrom, names }, { width, height }) {
  const step = width / names.length;
  return svg("rect", {
    class: "marks open",
    x: openFrom * step,
    y: 0,
    width: width - openFrom * step,
    height,
    fill: colorOf("open"),
  });
}
