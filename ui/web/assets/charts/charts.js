// Draws the tiles' charts with ApexCharts, after the page is there. Without it the tables say the same.
import { optionsOf } from "./options.js";
import { drawMarks } from "./marks.js";
import { watchPointer } from "./tooltip.js";

/** Charts are drawn when they come this near to what is seen: drawing what nobody looks at only makes a phone slow. */
const NEAR = "60px 0px";
const LIBRARY = new URL("apexcharts.js", import.meta.url);

/** What the browser's own clock calls the first drawing. */
const FIRST = "first chart";

/** Runs work when the browser has time for it; where it cannot tell, soon. */
function whenIdle(work) {
  if (globalThis.requestIdleCallback === undefined) setTimeout(work, 50);
  else requestIdleCallback(work, { timeout: 1000 });
}

let library = null;

/** Loads the library when the first chart needs it. */
function loadLibrary() {
  return library ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = LIBRARY;
    script.onload = resolve;
    script.onerror = () => reject(new Error("The charts' library could not be loaded"));
    document.head.append(script);
  });
}

function sizeOf({ clientWidth, clientHeight }) {
  return `${clientWidth} ${clientHeight}`;
}

/** One chart in its place. */
class Drawn {
  #apex = null;
  #place;
  #chart;
  #size = "";
  #drawing = Promise.resolve();

  constructor(place, chart) {
    this.#place = place;
    this.#chart = chart;
  }

  get isDrawn() {
    return this.#apex !== null;
  }

  /** Whether the place has another size than the drawing. */
  get isOutgrown() {
    return this.isDrawn && sizeOf(this.#place) !== this.#size;
  }

  /** Takes over what the page now says, and draws it where that is something else. */
  show(chart) {
    if (JSON.stringify(chart) === JSON.stringify(this.#chart)) return;
    this.#chart = chart;
    if (this.isDrawn) this.draw();
  }

  /** Draws it anew, one after another. */
  draw() {
    return this.#drawing = this.#drawing.then(() => this.#draw());
  }

  async #draw() {
    await loadLibrary();
    const [place, chart] = [this.#place, this.#chart];
    this.#apex?.destroy();
    this.#size = sizeOf(place);
    // The library changes the element that it draws in.
    const canvas = document.createElement("div");
    canvas.className = "canvas";
    place.replaceChildren(canvas);
    const apex = new globalThis.ApexCharts(canvas, optionsOf(chart, place));
    this.#apex = apex;
    await apex.render();
    // Paper scales the drawing, which has no size of its own then.
    place.querySelector("svg")?.setAttribute("viewBox", `0 0 ${place.clientWidth} ${place.clientHeight}`);
    drawMarks(apex, { chart, place });
    watchPointer(apex, { chart, place });
    place.dataset.drawn = "";
    if (performance.getEntriesByName(FIRST).length === 0) performance.mark(FIRST);
  }
}

function tableOf(place) {
  return place.closest(".tile")?.querySelector("details.as-table") ?? null;
}

/** Where there is no chart to be had, its table is open. */
function showTable(place) {
  place.hidden = true;
  const table = tableOf(place);
  if (table !== null) table.open = true;
}

function drawWhenNear(drawnAt) {
  const watcher = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      watcher.unobserve(target);
      // It is on its way while the browser is busy; a failure is seen by who draws.
      loadLibrary().catch(() => {});
      // Each in a moment of its own, so that the page stays quick to answer.
      whenIdle(() => drawnAt.get(target).draw().catch(() => showTable(target)));
    }
  }, { rootMargin: NEAR });
  for (const place of drawnAt.keys()) watcher.observe(place);
}

/** Draws anew what is drawn, when its place or the colours have changed. */
function redrawOnChange(drawnAt) {
  const resized = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      const drawn = drawnAt.get(target);
      if (drawn.isOutgrown) drawn.draw();
    }
  });
  for (const place of drawnAt.keys()) resized.observe(place);
  const redraw = () => [...drawnAt.values()].filter(({ isDrawn }) => isDrawn).forEach((drawn) => drawn.draw());
  document.addEventListener("themechange", redraw);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
}

/** Paper cannot be scrolled: what is not drawn yet is printed as its table. */
function watchPrint(drawnAt) {
  let opened = [];
  addEventListener("beforeprint", () => {
    const undrawn = [...drawnAt].filter(([, { isDrawn }]) => !isDrawn).map(([place]) => tableOf(place));
    opened = undrawn.filter((table) => table !== null && !table.open);
    for (const table of opened) table.open = true;
  });
  addEventListener("afterprint", () => opened.forEach((table) => table.open = false));
}

/** The places of the page that have something to draw and are not known yet. */
function newPlaces(known) {
  const charts = JSON.parse(document.getElementById("charts")?.textContent ?? "{}");
  const places = [...document.querySelectorAll("[data-chart]")].filter(({ dataset }) => dataset.chart in charts);
  for (const place of places) known.get(place)?.show(charts[place.dataset.chart]);
  const fresh = places.filter((place) => !known.has(place));
  return new Map(fresh.map((place) => [place, new Drawn(place, charts[place.dataset.chart])]));
}

function watch(drawnAt) {
  drawWhenNear(drawnAt);
  redrawOnChange(drawnAt);
  watchPrint(drawnAt);
}

const drawnAt = newPlaces(new Map());
watch(drawnAt);
// Figures came in without a reload.
document.addEventListener("tracker:updated", () => {
  const fresh = newPlaces(drawnAt);
  if (fresh.size === 0) return;
  for (const [place, drawn] of fresh) drawnAt.set(place, drawn);
  watch(fresh);
});
