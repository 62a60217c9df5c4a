// Draws the trend and the model breakdown with ApexCharts. Without it the tables below them show the same figures.

const LIGHT = {
  muted: "#65645f",
  line: "#e6e5e1",
  series: ["#2f6fed", "#0f9d8a", "#b5651d", "#8a4fd0"],
  other: "#7a7a72",
};
const DARK = {
  muted: "#a09f98",
  line: "#2d2d2a",
  series: ["#7aa5ff", "#4fc9b8", "#e0a069", "#bd93f0"],
  other: "#9a9a92",
};
/** What fits on a sheet of A4 between its margins. */
const PRINT_WIDTH = 690;
const darkScheme = matchMedia("(prefers-color-scheme: dark)");

function formatMoney(dollars) {
  return dollars.toLocaleString("en-US", { style: "currency", currency: "USD" });
}

function formatAxis(dollars) {
  const digits = Math.abs(dollars) < 10 && !Number.isInteger(dollars) ? 2 : 0;
  const format = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return dollars.toLocaleString("en-US", { style: "currency", currency: "USD", ...format });
}

function commonOptions({ months }, { colors, isPrint }) {
  return {
    chart: {
      type: "bar",
      height: 260,
      width: isPrint ? PRINT_WIDTH : "100%",
      animations: { enabled: false },
      toolbar: { show: false },
      zoom: { enabled: false },
      background: "transparent",
      fontFamily: "inherit",
      foreColor: colors.muted,
    },
    theme: { mode: colors === DARK ? "dark" : "light" },
    dataLabels: { enabled: false },
    grid: { borderColor: colors.line, strokeDashArray: 3, padding: { left: 4, right: 4 } },
    states: { hover: { filter: { type: "none" } }, active: { filter: { type: "none" } } },
    xaxis: {
      categories: months.map((month) => month.name),
      axisBorder: { color: colors.line },
      axisTicks: { show: false },
      labels: { rotate: 0, hideOverlappingLabels: true },
    },
    yaxis: { min: 0, forceNiceScale: true, labels: { formatter: formatAxis } },
    plotOptions: { bar: { columnWidth: months.length < 4 ? "24%" : "60%", borderRadius: 3 } },
  };
}

/** Total per month; a month that can still change is grey. */
function trendOptions(data, look) {
  const { colors } = look;
  const bars = data.totals.map((total, at) => ({
    x: data.months[at].name,
    y: total,
    fillColor: data.months[at].isOpen ? colors.other : colors.series[0],
  }));
  return {
    ...commonOptions(data, look),
    series: [{ name: "Spent", data: bars }],
    colors: [colors.series[0]],
    legend: { show: false },
    tooltip: { y: { formatter: formatMoney } },
  };
}

/** Per month what each model came to, stacked. */
function modelOptions(data, look) {
  const { colors } = look;
  const options = commonOptions(data, look);
  return {
    ...options,
    chart: { ...options.chart, stacked: true },
    series: data.models.map(({ name, dollars }) => ({ name, data: dollars })),
    colors: data.models.map(({ color }) => color === null ? colors.other : colors.series[color - 1]),
    legend: { position: "top", horizontalAlign: "left", showForSingleSeries: true, labels: { colors: colors.muted } },
    tooltip: { shared: true, intersect: false, y: { formatter: formatMoney } },
  };
}

/** Draws anew; answers the charts that are there now. */
function draw(data, { before, isPrint }) {
  for (const chart of before) chart.destroy();
  const look = { colors: darkScheme.matches && !isPrint ? DARK : LIGHT, isPrint };
  const places = [["trend-chart", trendOptions], ["models-chart", modelOptions]];
  return places.flatMap(([id, optionsOf]) => {
    const place = document.getElementById(id);
    if (place === null) return [];
    const chart = new globalThis.ApexCharts(place, optionsOf(data, look));
    chart.render();
    return [chart];
  });
}

/** Paper is white and shows everything. */
function watchPrint(redraw) {
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details:not([open])")];
    for (const details of opened) details.open = true;
    redraw({ isPrint: true });
  });
  addEventListener("afterprint", () => {
    for (const details of opened) details.open = false;
    redraw({ isPrint: false });
  });
}

const source = document.getElementById("billing-charts");
if (source !== null && globalThis.ApexCharts !== undefined) {
  const data = JSON.parse(source.textContent);
  let charts = draw(data, { before: [], isPrint: false });
  const redraw = ({ isPrint }) => {
    charts = draw(data, { before: charts, isPrint });
  };
  darkScheme.addEventListener("change", () => redraw({ isPrint: false }));
  watchPrint(redraw);
}
