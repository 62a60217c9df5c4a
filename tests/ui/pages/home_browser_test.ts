import { createWebApp } from "../../../ui/web/app.ts";
import { store } from "../../adapters/sqlite/test_database.ts";
import { browserOfFile, closePages } from "../../browser.ts";
import { handWorkedMonth } from "../../domain/billing/raw_events.ts";
import { snapshot } from "../../domain/history/snapshots.ts";
import { billingServices } from "../billing_services.ts";
import { serveApp } from "../serve_app.ts";
import { testServices } from "../services_harness.ts";
import { fillDashboard, modelRow } from "./dashboard_data.ts";
import axe from "axe-core";
import assert from "node:assert/strict";
import type { BrowserContextOptions, Page } from "playwright-core";

const ARTIFACTS = new URL("../../../artifacts/", import.meta.url).pathname;
const TILES_WITH_CHARTS = [
  "cumulative_spend",
  "daily_spend",
  "tokens_by_type",
  "spend_by_model",
  "cost_per_1k_tokens",
  "cache_efficiency",
  "projection",
  "cycle_history",
];

const browser = browserOfFile();

/** A page, and what it complained about or asked others for. */
interface Opened {
  readonly page: Page;
  readonly complaints: string[];
  readonly foreign: string[];
}

async function open(url: string, options: BrowserContextOptions = {}): Promise<Opened> {
  const context = await browser().newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const opened: Opened = { page, complaints: [], foreign: [] };
  page.on("console", (message) => opened.complaints.push(message.text()));
  page.on("pageerror", (error) => opened.complaints.push(error.message));
  page.on("request", (request) => {
    if (!request.url().startsWith(new URL(url).origin) && !request.url().startsWith("data:")) {
      opened.foreign.push(request.url());
    }
  });
  await page.goto(url);
  return opened;
}

/** Scrolls through the page, as charts are drawn when they come near. */
async function drawAll(page: Page): Promise<void> {
  for (const id of await page.locator("[data-chart]").evaluateAll((all) => all.map((one) => one.dataset.chart ?? ""))) {
    const place = page.locator(`[data-chart="${id}"]`);
    await place.scrollIntoViewIfNeeded();
    await page.locator(`[data-chart="${id}"][data-drawn] .marks:not(.open)`).waitFor({ state: "attached" });
  }
  await page.evaluate("scrollTo(0, 0)");
}

/** Texts of a chart that stick out of it, and labels of its time axis that touch one another. */
function cutOff(page: Page): Promise<string[]> {
  return page.locator("[data-chart]").evaluateAll((places) =>
    places.flatMap((place) => {
      const box = place.getBoundingClientRect();
      const texts = [...place.querySelectorAll("svg text")].filter((text) => text.textContent);
      const sticking = texts.filter((text) => {
        const { left, right, top, bottom } = text.getBoundingClientRect();
        return left < box.left - 1 || right > box.right + 1 || top < box.top - 1 || bottom > box.bottom + 1;
      });
      const ticks = texts.filter((text) => text.classList.contains("tick")).map((text) => text.getBoundingClientRect());
      const touching = ticks.some((tick, at) => at > 0 && tick.left < (ticks[at - 1]?.right ?? 0));
      const id = place.dataset.chart;
      return [...sticking.map((text) => `${id}: ${text.textContent}`), ...(touching ? [`${id}: labels touch`] : [])];
    })
  );
}

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  return await page.evaluate(async () => {
    const found = await Reflect.get(globalThis, "axe").run();
    return found.violations.map((each: { id: string; nodes: { html: string }[] }) =>
      `${each.id}: ${each.nodes.map(({ html }) => html.slice(0, 120)).join(" | ")}`
    );
  });
}

/** The value of a line's last point, read off the axis as a person would. */
function endValue(page: Page, { tile, line }: { tile: string; line: string }): Promise<number> {
  return page.locator(`[data-chart="${tile}"]`).evaluate((place, name) => {
    const path = place.querySelector(`[seriesName="${name}"] path.apexcharts-line`);
    const [, y = NaN] = (path?.getAttribute("d") ?? "").match(/-?[\d.]+/g)?.map(Number).slice(-2) ?? [];
    const height = place.querySelector(".apexcharts-grid")?.getBoundingClientRect().height ?? NaN;
    const labels = [...place.querySelectorAll(".apexcharts-yaxis-label tspan")];
    const top = Math.max(...labels.map(({ textContent }) => Number((textContent ?? "").replaceAll(/[^\d.]/g, ""))));
    return top * (1 - y / height);
  }, line);
}

const barValues = (page: Page, tile: string) =>
  page.locator(`[data-chart="${tile}"] path.apexcharts-bar-area`).evaluateAll((bars) =>
    bars.map((bar) => Number(bar.getAttribute("val")))
  );

/** A pixel more or less. */
const near = (value: number, wanted: number) =>
  assert.ok(Math.abs(value - wanted) < 0.02 * wanted, `${value} is not about ${wanted}`);

async function tilesAreDrawn({ page }: Opened): Promise<void> {
  await drawAll(page);
  const drawn = await page.locator("[data-chart]:has(svg.apexcharts-svg)").evaluateAll((all) =>
    all.map((one) => one.dataset.chart)
  );
  assert.deepEqual(drawn, TILES_WITH_CHARTS);

  // $14 after ten days is $42 after thirty.
  near(await endValue(page, { tile: "cumulative_spend", line: "Spent" }), 14);
  near(await endValue(page, { tile: "cumulative_spend", line: "Projected" }), 42);
  // November has 30 days, and October had come to 1 + 14 × 2 by then.
  near(await endValue(page, { tile: "cumulative_spend", line: "Cyclexbefore" }), 29);
  assert.deepEqual(await barValues(page, "daily_spend"), [1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 0]);
  assert.deepEqual(await barValues(page, "cost_per_1k_tokens"), [0.001, 0.001]);
  assert.deepEqual(await barValues(page, "cycle_history"), [31, 14]);
  const layers = await page.locator('[data-chart="spend_by_model"] .apexcharts-bar-series > g[seriesName]').count();
  assert.equal(layers, 2);
  assert.equal(await page.locator('[data-chart="tokens_by_type"] .apexcharts-area-series > g[seriesName]').count(), 4);
  // 81 of 90 parts of the input.
  near(await endValue(page, { tile: "cache_efficiency", line: "Fromxcache" }), 90);
  const names = await page.locator('[data-chart="cumulative_spend"] text.name').allTextContents();
  assert.deepEqual(names.sort(), ["$42 by the end", "budget $20"]);
}

async function fitsItsScreen({ page }: Opened): Promise<void> {
  await drawAll(page);
  assert.deepEqual(await cutOff(page), []);
  assert.equal(await page.evaluate("document.documentElement.scrollWidth"), page.viewportSize()?.width);
  assert.deepEqual(await violations(page), []);
  await page.screenshot({ path: `${ARTIFACTS}usage-narrow-dark.png`, fullPage: true });
}

async function keyboardReachesTables({ page }: Opened): Promise<void> {
  await page.locator("#theme").focus();
  const seen = new Set<string>();
  for (let press = 0; press < 60; press++) {
    await page.keyboard.press("Tab");
    const label = await page.evaluate("document.activeElement?.getAttribute('aria-label') ?? ''");
    seen.add(String(label));
    if (label === "Daily spend as table") break;
  }
  assert.ok(seen.has("Cumulative spend as table"), [...seen].join());
  await page.keyboard.press("Enter");
  const table = page.locator("#tile-daily_spend table");
  await table.waitFor();
  assert.match(await table.locator("tbody tr").nth(1).innerText(), /^Tue 10 Nov\s+\$2\.00\s+2\.0.M\s+90.%$/);
}

async function themeIsKept({ page }: Opened): Promise<void> {
  const colorOfBar = () =>
    page.locator('[data-chart="daily_spend"] path.apexcharts-bar-area').first().getAttribute("fill");
  assert.equal(await colorOfBar(), "rgba(47,111,237,1)");
  await page.locator("#theme").click();
  await page.locator("#theme").click();
  assert.equal(await page.locator("html").getAttribute("data-theme"), "dark");
  await page.locator('[data-chart="daily_spend"] path[fill="rgba(122,165,255,1)"]').first().waitFor({
    state: "attached",
  });
  await page.reload();
  assert.equal(await page.locator("html").getAttribute("data-theme"), "dark");
}

async function namesAreText(): Promise<void> {
  using named = testServices();
  const model = "<img src=x onerror=console.log('run')> 100%";
  store(named.stores, snapshot("2026-11-08T12:00:00Z", [modelRow(model, 5), modelRow("opus", 3)]));
  await using other = await serveApp(named.app);
  const { page, complaints } = await open(`http://127.0.0.1:${other.addr.port}/`);
  await drawAll(page);
  await page.locator('[data-chart="spend_by_model"]').hover();
  await page.locator('[data-chart="spend_by_model"] .tip').getByText(model).waitFor();
  assert.equal(await page.locator("img").count(), 0);
  assert.deepEqual(complaints, []);
  // The page listens to the server, which waits for its listeners when it ends.
  await page.context().close();
}

/** Steps that close their pages. */
function stepsIn(t: Deno.TestContext) {
  return (name: string, body: () => Promise<void>) => t.step(name, () => body().finally(() => closePages(browser())));
}

Deno.test("the usage page in a real browser", async (t) => {
  using services = testServices();
  fillDashboard(services);
  await using server = await serveApp(services.app);
  const origin = `http://127.0.0.1:${server.addr.port}`;
  const step = stepsIn(t);
  await Deno.mkdir(ARTIFACTS, { recursive: true });
  for (const colorScheme of ["light", "dark"] as const) {
    await step(`${colorScheme}: each tile is drawn, nothing is cut off, axe finds nothing`, async () => {
      const opened = await open(origin, { colorScheme });
      await tilesAreDrawn(opened);
      assert.deepEqual(await cutOff(opened.page), []);
      assert.deepEqual(await violations(opened.page), []);
      await opened.page.screenshot({ path: `${ARTIFACTS}usage-${colorScheme}.png`, fullPage: true });
      assert.deepEqual([opened.complaints, opened.foreign], [[], []]);
    });
  }
  await step("a phone has no cut-off label and nothing to scroll sideways", async () => {
    const phone = { viewport: { width: 360, height: 740 }, colorScheme: "dark" } as const;
    await fitsItsScreen(await open(`${origin}/?range=all`, phone));
  });
  await step("a model's name is text in charts and their tooltips, whatever it looks like", namesAreText);
  await step("tables are reached and opened by keyboard", async () => {
    await keyboardReachesTables(await open(origin));
  });
  await step("the switch changes the charts' colours, and is remembered", async () => {
    const opened = await open(origin, { colorScheme: "light" });
    await drawAll(opened.page);
    await themeIsKept(opened);
  });
  await step("without the library, tables take the charts' places", async () => {
    const { page } = await open("about:blank");
    await page.route("**/apexcharts.js", (route) => route.abort());
    await page.goto(origin);
    await page.locator("#tile-daily_spend details[open] table").waitFor();
    assert.equal(await page.locator("#tile-daily_spend [data-chart]:visible").count(), 0);
  });
  await step("without any script every figure is there", async () => {
    const { page } = await open(origin, { javaScriptEnabled: false });
    await page.getByText("3 months", { exact: true }).click();
    await page.locator("#tile-daily_spend summary").click();
    // 1 October to midnight of 11 November.
    assert.equal(await page.locator("#tile-daily_spend tbody tr").count(), 42);
    assert.equal(await page.locator("[data-chart]:visible, #theme:visible").count(), 0);
  });
});

Deno.test("the billing page in both themes has no violation that axe finds", async () => {
  using services = billingServices([{ month: "2026-01", events: handWorkedMonth() }]);
  await using server = await serveApp(createWebApp(services));
  try {
    for (const colorScheme of ["light", "dark"] as const) {
      const { page, complaints } = await open(`http://127.0.0.1:${server.addr.port}/billing`, { colorScheme });
      await page.locator("#models-chart svg.apexcharts-svg").waitFor();
      assert.deepEqual(await violations(page), []);
      assert.deepEqual(complaints, []);
    }
  } finally {
    await closePages(browser());
  }
});
