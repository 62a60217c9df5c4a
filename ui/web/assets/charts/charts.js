// Draws the tiles' charts with ApexCharts, after the page is there. Without it the tables say the same.
import { optionsOf } from "./options.js";
import { drawMarks } from "./marks.js";
import { watchPointer } from "./tooltip.js";

/** Charts are drawn when they come this near to what is seen. */
const NEAR = "300px 0px";
const LIBRARY = new URL("apexcharts.js", import.meta.url);

/** Runs work when the browser has time for it; where it cannot tell, soon. */
function whenIdle(work) {
  if (globalThis.requestIdleCallback === undefined) setTimeout(work, 50);
  else requestIdleCallback(work, { timeout: 1000 });
}

function loadLibrary() {
  return new Promise((resolve, reject) => {
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

  /** Draws it anew, one after another. */
  draw() {
    return this.#drawing = this.#drawing.then(() => this.#draw());
  }

  async #draw() {
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
    drawMarks(apex, { chart, place });
    watchPointer(apex, { chart, place });
    place.dataset.drawn = "";
  }
}

/** Where there are no charts to be had, their tables are open. */
function showTables(places) {
  for (const place of places) {
    place.hidden = true;
    const table = place.closest(".tile")?.querySelector("details.as-table");
    if (table) table.open = true;
  }
}

function drawWhenNear(drawnAt) {
  const watcher = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      watcher.unobserve(target);
      // Each in a moment of its own, so that the page stays quick to answer.
      whenIdle(() => drawnAt.get(target).draw());
    }
  }, { rootMargin: NEAR });
  const resized = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      const drawn = drawnAt.get(target);
      if (drawn.isOutgrown) drawn.draw();
    }
  });
  for (const place of drawnAt.keys()) {
    watcher.observe(place);
    resized.observe(place);
  }
  const redraw = () => [...drawnAt.values()].filter(({ isDrawn }) => isDrawn).forEach((drawn) => drawn.draw());
  document.addEventListener("themechange", redraw);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
  addEventListener("beforeprint", () => [...drawnAt.values()].forEach((drawn) => drawn.draw()));
}

async function start() {
  const charts = JSON.parse(document.getElementById("charts")?.textContent ?? "{}");
  const places = [...document.querySelectorAll("[data-chart]")].filter(({ dataset }) => dataset.chart in charts);
  if (places.length === 0) return;
  try {
    await loadLibrary();
  } catch {
    showTables(places);
    return;
  }
  drawWhenNear(new Map(places.map((place) => [place, new Drawn(place, charts[place.dataset.chart])])));
}

whenIdle(start);
