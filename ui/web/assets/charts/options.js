// What ApexCharts is told. Labels over time, levels, names and tooltips are drawn beside it, in marks.js and tooltip.js.
import { axisText, largestOf, scaleOf, textWidth } from "./axis.js";

/** The token's colour as the page has it now. */
export function colorOf(token) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${token}`).trim();
}

/** Room to the right for the names of levels and line ends. */
function rightOf({ marks = [], series, steps }, place) {
  const texts = [steps?.text, ...marks.map(({ text }) => text), ...series.map(({ end }) => end)].filter(Boolean);
  return texts.length === 0 ? 8 : Math.ceil(Math.max(...texts.map((text) => textWidth(text, place)))) + 12;
}

function common(chart, { place, scale }) {
  return {
    chart: {
      height: place.clientHeight,
      width: place.clientWidth,
      parentHeightOffset: 0,
      animations: { enabled: false },
      toolbar: { show: false },
      zoom: { enabled: false },
      selection: { enabled: false },
      background: "transparent",
      fontFamily: "inherit",
      foreColor: colorOf("muted"),
      // charts.js does so, for the height too.
      redrawOnParentResize: false,
      redrawOnWindowResize: false,
    },
    dataLabels: { enabled: false },
    legend: { show: false },
    tooltip: { enabled: false },
    markers: { size: 0, strokeWidth: 0 },
    states: { hover: { filter: { type: "none" } }, active: { filter: { type: "none" } } },
    grid: {
      borderColor: colorOf("line"),
      strokeDashArray: 0,
      padding: { left: 4, right: rightOf(chart, place), top: -14, bottom: 10 },
    },
    yaxis: {
      min: 0,
      max: scale.max,
      tickAmount: Math.round(scale.max / scale.step),
      decimalsInFloat: 6,
      labels: {
        style: { fontSize: "12px" },
        formatter: (value) => axisText(value, { unit: chart.unit, step: scale.step }),
      },
    },
  };
}

/** No labels: they are drawn with an eye on the room there is. */
function timeAxis(extra) {
  return {
    ...extra,
    labels: { show: false },
    axisBorder: { show: true, color: colorOf("line") },
    axisTicks: { show: false },
    tooltip: { enabled: false },
    crosshairs: { show: false },
  };
}

function lineOptions(chart) {
  const { at, series } = chart;
  const hasBand = series.some(({ low }) => low !== undefined);
  const pointsOf = ({ values, low }) =>
    low === undefined
      ? values.map((y, index) => ({ x: at[index], y }))
      : values.flatMap((y, index) => y === null ? [] : [{ x: at[index], y: [low[index], y] }]);
  return {
    type: hasBand ? "rangeArea" : "line",
    series: series.map((each) => ({
      name: each.name,
      type: each.low === undefined ? "line" : "rangeArea",
      data: pointsOf(each),
    })),
    xaxis: timeAxis({ type: "numeric", min: at[0], max: at.at(-1), tickAmount: 4 }),
    stroke: {
      curve: "straight",
      width: series.map(({ low }) => low === undefined ? 2 : 0),
      dashArray: series.map(({ look }) => look === "dashed" ? 5 : 0),
    },
    fill: { type: "solid", opacity: series.map(({ low }) => low === undefined ? 1 : 0.16) },
  };
}

function areaOptions({ names, series }) {
  return {
    type: "area",
    stacked: true,
    series: series.map(({ name, values }) => ({ name, data: values.map((y, x) => ({ x, y })) })),
    xaxis: timeAxis({ type: "numeric", min: 0, max: names.length - 1, tickAmount: 4 }),
    stroke: { curve: "straight", width: 1 },
    fill: { type: "solid", opacity: 1 },
  };
}

function barOptions({ names, series }) {
  const count = names.length;
  return {
    type: "bar",
    stacked: true,
    series: series.map(({ name, values }) => ({ name, data: values })),
    xaxis: timeAxis({ type: "category", categories: names.map((_, at) => String(at)) }),
    stroke: { width: 0 },
    plotOptions: {
      bar: {
        columnWidth: count < 6 ? `${count * 10}%` : "70%",
        borderRadius: count > 40 ? 0 : 2,
        borderRadiusApplication: "end",
        borderRadiusWhenStacked: "last",
      },
    },
    fill: {
      type: series.map(({ look }) => look === "hatched" ? "pattern" : "solid"),
      opacity: 1,
      pattern: { style: "slantedLines", width: 5, height: 5, strokeWidth: 2 },
    },
  };
}

function rowOptions({ names, series: [only] }) {
  return {
    type: "bar",
    series: [{ name: only.name, data: only.values }],
    xaxis: { ...timeAxis({ categories: names }), axisBorder: { show: false } },
    stroke: { width: 0 },
    fill: { type: "solid", opacity: 1 },
    plotOptions: { bar: { horizontal: true, distributed: true, barHeight: "22%", borderRadius: 2 } },
  };
}

const OPTIONS = { lines: lineOptions, areas: areaOptions, bars: barOptions, rows: rowOptions };

/** Everything for one chart. */
export function optionsOf(chart, place) {
  const isRows = chart.kind === "rows";
  const scale = isRows ? { max: largestOf(chart), step: largestOf(chart) } : scaleOf(largestOf(chart), chart.unit);
  const { type, stacked = false, ...own } = OPTIONS[chart.kind](chart);
  const options = { ...common(chart, { place, scale }), ...own };
  options.chart = { ...options.chart, type, stacked };
  options.colors = chart.series.flatMap(({ color, colors }) => (colors ?? [color]).map(colorOf));
  if (isRows) {
    options.xaxis = { ...options.xaxis, min: 0, max: scale.max };
    options.yaxis = { labels: { show: false } };
    options.grid = { show: false, padding: { left: -8, right: 0, top: -20, bottom: -16 } };
  }
  return options;
}
