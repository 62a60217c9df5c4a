// Says what is under the pointer. Texts are set as text, never as HTML: models' names come from outside.
import { valueText } from "./axis.js";
import { plotOf, svg } from "./marks.js";

function element(name, { className = "", text } = {}) {
  const made = document.createElement(name);
  if (className !== "") made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

/** The point that is nearest to a place in the plot. */
function nearest({ kind, names }, { x, y, plot }) {
  if (kind === "rows") return Math.min(names.length - 1, Math.max(0, Math.floor(y / plot.height * names.length)));
  const distances = plot.at.map((at) => Math.abs(plot.xOf(at) - x));
  return distances.indexOf(Math.min(...distances));
}

function lineOf(name, { color, value }) {
  const line = element("div");
  if (color !== undefined) line.append(element("span", { className: `dot ${color}` }));
  line.append(` ${name} `, element("b", { text: value }));
  return line;
}

function contentOf({ names, series, unit, kind }, at) {
  const isStacked = (kind === "bars" || kind === "areas") && series.length > 1;
  const shown = series.filter(({ values }) => values[at] !== null && !(isStacked && values[at] === 0));
  const lines = shown.map(({ name, color, colors, values, low }) =>
    lineOf(name, {
      color: colors?.[at] ?? color,
      value: low === undefined
        ? valueText(values[at], unit)
        : `${valueText(low[at], unit)} – ${valueText(values[at], unit)}`,
    })
  );
  if (isStacked && shown.length > 1) {
    const total = shown.reduce((sum, { values }) => sum + values[at], 0);
    lines.push(lineOf("Together", { value: valueText(total, unit) }));
  }
  if (lines.length === 0) lines.push(element("div", { text: "nothing" }));
  return [element("strong", { text: names[at] }), ...(isStacked ? lines.reverse() : lines)];
}

/** Keeps the tooltip beside the pointer and inside of the tile. */
function putBeside(tip, { x, width }) {
  const left = x > width / 2 ? x - tip.offsetWidth - 12 : x + 12;
  tip.style.left = `${Math.max(0, Math.min(left, width - tip.offsetWidth))}px`;
}

export function watchPointer(apex, { chart, place }) {
  const tip = element("div", { className: "tip" });
  tip.hidden = true;
  place.append(tip);
  let shown = -1;
  const hide = () => {
    tip.hidden = true;
    shown = -1;
    place.querySelector(".guide")?.remove();
  };
  place.onpointerleave = hide;
  place.onpointermove = (event) => {
    const plot = plotOf(apex, chart);
    const box = place.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left - plot.translateX, event.clientY - box.top - plot.translateY];
    if (x < -10 || x > plot.width + 10) return hide();
    const at = nearest(chart, { x, y, plot });
    tip.hidden = false;
    if (at !== shown) {
      shown = at;
      tip.replaceChildren(...contentOf(chart, at));
      place.querySelector(".guide")?.remove();
      if (chart.kind !== "rows") {
        const lineX = plot.xOf(plot.at[at]);
        place.querySelector(".marks:not(.open)")?.append(
          svg("line", { class: "guide", x1: lineX, x2: lineX, y1: 0, y2: plot.height }),
        );
      }
    }
    putBeside(tip, { x: event.clientX - box.left, width: box.width });
  };
}
