import { createWebApp } from "../ui/web/app.ts";
import type { BenchContext, BenchResult } from "./benchmark.ts";
import { fill } from "./filled_history.ts";
import { listen, listenBare, ratesInTurns } from "./request_rate.ts";
import { median } from "./statistics.ts";
import { Hono } from "@hono/hono";
import { type Browser, chromium } from "playwright-core";

/** What a first visit may transfer, all of it and its scripts, in kB of 1,000 bytes. */
const GOAL_KB = 250;
/** At least half of a bare route's requests per second. */
const GOAL_RATE = 2;
const VISITS = 5;
const CHART_LIMIT_MS = 20_000;

/** One first visit of the usage page, by a browser that has nothing of it. */
interface Visit {
  readonly kb: number;
  readonly scriptKb: number;
  readonly firstChartMs: number;
  readonly heapMb: number;
}

/** The usage page over three years of hourly snapshots, opened for the first time in a real browser. */
export async function benchDashboardLoad({ dir, browserPath }: BenchContext): Promise<BenchResult> {
  using filled = fill(`${dir}/dashboard_load`, { years: 3, hoursPerSnapshot: 1 });
  await using server = await listen(createWebApp(filled.services));
  const browser = await chromium.launch({ executablePath: browserPath, args: ["--no-sandbox", "--disable-gpu"] });
  try {
    const visits: Visit[] = [];
    // The first visit warms up the server and does not count.
    for (let visit = 0; visit <= VISITS; visit++) {
      const measured = await visitPage(browser, `${server.origin}/`);
      if (visit > 0) visits.push(measured);
    }
    const middle = (valueOf: (visit: Visit) => number) => median(visits.map(valueOf));
    return {
      name: "dashboard load",
      value: middle(({ kb }) => kb),
      goal: GOAL_KB,
      unit: "kB",
      note:
        "bytes over the network of the first visit of / with three years of history, charts drawn; of them scripts, " +
        "at most 170 kB; from the start of the visit to the first chart; heap of the page",
      details: {
        script_kb: middle(({ scriptKb }) => scriptKb),
        first_chart_ms: middle(({ firstChartMs }) => firstChartMs),
        page_heap_mb: middle(({ heapMb }) => heapMb),
      },
    };
  } finally {
    await browser.close();
  }
}

async function visitPage(browser: Browser, url: string): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  try {
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    await session.send("Network.enable");
    await session.send("Performance.enable");
    const scripts = new Set<string>();
    let [bytes, scriptBytes] = [0, 0];
    session.on("Network.responseReceived", ({ requestId, type }) => {
      if (type === "Script") scripts.add(requestId);
    });
    session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
      bytes += encodedDataLength;
      if (scripts.has(requestId)) scriptBytes += encodedDataLength;
    });
    await page.goto(url);
    const drawn = page.locator("[data-chart][data-drawn]").first();
    await drawn.waitFor({ timeout: CHART_LIMIT_MS });
    // The page notes when its first chart stands; its clock begins with the visit.
    const firstChartMs = Number(await page.evaluate("performance.getEntriesByName('first chart')[0].startTime"));
    const { metrics } = await session.send("Performance.getMetrics");
    const heap = metrics.find(({ name }) => name === "JSHeapUsedSize")?.value ?? NaN;
    return { kb: bytes / 1_000, scriptKb: scriptBytes / 1_000, firstChartMs, heapMb: heap / 2 ** 20 };
  } finally {
    await context.close();
  }
}

/** The usage page over a socket against a bare Hono route that answers the same bytes. */
export async function benchDashboardRate({ dir }: BenchContext): Promise<BenchResult> {
  using filled = fill(`${dir}/dashboard_rate`, { years: 3, hoursPerSnapshot: 1 });
  const app = createWebApp(filled.services);
  const startedAt = performance.now();
  const html = await (await app.request("/")).arrayBuffer();
  const firstMs = performance.now() - startedAt;
  const bare = new Hono().get("/", (context) => context.body(html, 200, { "content-type": "text/html" }));
  await using oursServer = await listen(app);
  await using bareServer = listenBare(bare.fetch);
  const rate = await ratesInTurns(`${oursServer.origin}/`, `${bareServer.origin}/`);
  return {
    name: "dashboard over HTTP",
    value: rate.bare / rate.ours,
    goal: GOAL_RATE,
    unit: "× a bare Hono route",
    note: "/ with three years of hourly snapshots, against a bare Hono route that answers the same bytes; " +
      "/api/summary is measured by history",
    details: {
      page_per_second: rate.ours,
      bare_per_second: rate.bare,
      page_kb: html.byteLength / 1_000,
      first_answer_ms: firstMs,
    },
  };
}
