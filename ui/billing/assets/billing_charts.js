// Draws the trend and the model breakdown with ApexCharts. Without it the tables below them show the same figures.

/** What fits on a sheet of A4 between its margins. */
const PRINT_WIDTH = 690;

/** The token's colour as the page has it now. */
function colorOf(token) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${token}`).trim();
}

/** The library takes names for HTML; models' names come from outside. */
function asText(name) {
  return name.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

function formatMoney(dollars) {
  return dollars.toLocaleString("en-US", { style: "currency", currency: "USD" });
}

function formatAxis(dollars) {
  const digits = Math.abs(dollars) < 10 && !Number.isInteger(dollars) ? 2 : 0;
  const format = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return dollars.toLocaleString("en-US", { style: "currency", currency: "USD", ...format });
}

function commonOptions({ months }, { isPrint }) {
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
      foreColor: colorOf("muted"),
    },
    dataLabels: { enabled: false },
    grid: { borderColor: colorOf("line"), strokeDashArray: 3, padding: { left: 4, right: 4 } },
    states: { hover: { filter: { type: "none" } }, active: { filter: { type: "none" } } },
    xaxis: {
      categories: months.map((month) => month.name),
      axisBorder: { color: colorOf("line") },
      axisTicks: { show: false },
      labels: { rotate: 0, hideOverlappingLabels: true },
    },
    yaxis: { min: 0, forceNiceScale: true, labels: { formatter: formatAxis } },
    plotOptions: { bar: { columnWidth: months.length < 4 ? "24%" : "60%", borderRadius: 3 } },
  };
}

/** Total per month; a month that can still change is grey. */
function trendOptions(data, look) {
  const bars = data.totals.map((total, at) => ({
    x: data.months[at].name,
    y: total,
    fillColor: data.months[at].isOpen ? colorOf("series-other") : colorOf("accent"),
  }));
  return {
    ...commonOptions(data, look),
    series: [{ name: "Spent", data: bars }],
    colors: [colorOf("accent")],
    legend: { show: false },
    tooltip: { y: { formatter: formatMoney } },
  };
}

/** Per month what each model came to, stacked. */
function modelOptions(data, look) {
  const options = commonOptions(data, look);
  return {
    ...options,
    chart: { ...options.chart, stacked: true },
    series: data.models.map(({ name, dollars }) => ({ name: asText(name), data: dollars })),
    colors: data.models.map(({ color }) => color === null ? colorOf("series-other") : colorOf(`series-${color}`)),
    legend: {
      position: "top",
      horizontalAlign: "left",
      showForSingleSeries: true,
      labels: { colors: colorOf("muted") },
    },
    tooltip: { shared: true, intersect: false, y: { formatter: formatMoney } },
  };
}

/** Draws anew; answers the charts that are there now. */
function draw(data, { before, isPrint }) {
  for (const chart of before) chart.destroy();
  const places = [["trend-chart", trendOptions], ["models-chart", modelOptions]];
  return places.flatMap(([id, optionsOf]) => {
    const place = document.getElementById(id);
    if (place === null) return [];
    const chart = new globalThis.ApexCharts(place, optionsOf(data, { isPrint }));
    chart.render();
    return [chart];
  });
}

/** Paper is white and shows everything. */
function watchPrint(redraw) {
  let opened = [];
  // Pages have a switch, whose script does this.
  const isAlone = document.getElementById("theme") === null;
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details:not([open])")];
    for (const details of opened) details.open = true;
    if (isAlone) document.documentElement.dataset.theme = "light";
    redraw({ isPrint: true });
  });
  addEventListener("afterprint", () => {
    for (const details of opened) details.open = false;
    if (isAlone) delete document.documentElement.dataset.theme;
    redraw({ isPrint: false });
  });
}

/** The report carries the library; the page loads it when a chart comes near to what is seen. */
async function libraryIsNeeded() {
  if (globalThis.ApexCharts !== undefined) return;
  const sections = ["trend", "month-models"].map((id) => document.getElementById(id)).filter((each) => each !== null);
  await new Promise((resolve) => {
    const watcher = new IntersectionObserver((entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) resolve();
    }, { rootMargin: "60px 0px" });
    for (const section of sections) watcher.observe(section);
  });
  await new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = new URL("apexcharts.js", import.meta.url);
    script.onload = resolve;
    script.onerror = reject;
    document.head.append(script);
  });
}

async function start(text) {
  await libraryIsNeeded();
  let data = JSON.parse(text);
  let charts = draw(data, { before: [], isPrint: false });
  const redraw = ({ isPrint }) => {
    charts = draw(data, { before: charts, isPrint });
  };
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => redraw({ isPrint: false }));
  document.addEventListener("themechange", () => redraw({ isPrint: false }));
  // Figures came in without a reload.
  document.addEventListener("tracker:updated", () => {
    const now = document.getElementById("billing-charts")?.textContent ?? text;
    if (now === text) return;
    text = now;
    data = JSON.parse(now);
    redraw({ isPrint: false });
  });
  watchPrint(redraw);
}

const source = document.getElementById("billing-charts");
// Without the library the tables say it all.
if (source !== null) start(source.textContent).catch(() => document.documentElement.classList.remove("js"));
