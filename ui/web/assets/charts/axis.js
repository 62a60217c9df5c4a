// Scales and words of the axes.

const STEPS = [1, 2, 2.5, 5, 10];
const TICKS = 4;
/** Pixels that a letter of an axis takes, and the room between two labels. */
const GAP = 14;

/** A scale from zero on to a round number that the largest value fits under. */
export function scaleOf(largest, unit) {
  if (!(largest > 0)) return { max: 1, step: unit === "share" ? 0.25 : 1 };
  if (unit === "share" && largest <= 1 && largest > 0.5) return { max: 1, step: 0.25 };
  const raw = largest / TICKS;
  const power = 10 ** Math.floor(Math.log10(raw));
  const least = unit === "tokens" ? 1 : 0;
  const step = Math.max(least, (STEPS.find((each) => each * power >= raw * 0.999) ?? 10) * power);
  return { max: step * Math.ceil(largest / step - 1e-9), step };
}

/** The highest point of anything that a chart shows. */
export function largestOf({ kind, series, marks = [], steps }) {
  const levels = [...marks.map(({ value }) => value), ...steps?.values ?? []];
  if (kind === "lines" || kind === "rows") return Math.max(0, ...levels, ...series.flatMap(({ values }) => values));
  const sums = series[0].values.map((_, at) => series.reduce((sum, { values }) => sum + (values[at] ?? 0), 0));
  return Math.max(0, ...levels, ...sums);
}

/** A figure of the axis: as many digits as its step needs. */
export function axisText(value, { unit, step }) {
  if (unit === "share") return `${Math.round(value * 100)} %`;
  if (unit === "tokens") return countText(value);
  const digits = Number.isInteger(step)
    ? 0
    : Math.max(2, -Math.floor(Math.log10(step)) + (step.toString().includes("25") ? 1 : 0));
  return `$${value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits })}`;
}

/** A figure in full. */
export function valueText(value, unit) {
  if (unit === "share") return `${Math.round(value * 100)} %`;
  if (unit === "tokens") return countText(value);
  if (value > 0 && value < 0.01) return `$${value.toFixed(6).replace(/0+$/, "")}`;
  return value.toLocaleString("en-US", { style: "currency", currency: "USD" });
}

function countText(value) {
  const [size, name] = [[1e9, " B"], [1e6, " M"], [1e3, " K"]].find(([each]) => value >= each) ?? [1, ""];
  const count = value / size;
  return `${name === "" || Number.isInteger(count) ? count : count.toFixed(1)}${name}`;
}

const canvas = document.createElement("canvas").getContext("2d");

/** How wide a text is in the charts' letters. */
export function textWidth(text, place) {
  canvas.font = `12px ${getComputedStyle(place).fontFamily}`;
  return canvas.measureText(text).width;
}

/** As many ticks as there is room for, evenly spread; none is cut off. */
export function ticksThatFit(ticks, { xOf, width, place }) {
  const widest = Math.max(0, ...ticks.map(({ text }) => textWidth(text, place)));
  if (ticks.length === 0) return [];
  const room = ticks.length < 2 ? width : (xOf(ticks.at(-1).at) - xOf(ticks[0].at)) / (ticks.length - 1);
  const every = Math.max(1, Math.ceil((widest + GAP) / Math.max(room, 0.01)));
  return ticks.filter((_, at) => at % every === 0).map((tick) => {
    const half = textWidth(tick.text, place) / 2;
    return { ...tick, x: Math.min(xOf(tick.at), width - half) };
  }).filter(({ x }, at, all) => at === 0 || x - all[at - 1].x >= widest + GAP / 2);
}
