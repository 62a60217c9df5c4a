import { contextOptions, type LaunchOptions } from "../adapters/browser/launch.ts";
import { loadChromium } from "../adapters/browser/playwright.ts";
import { loadConfig } from "../adapters/config/config.ts";
import { systemClock } from "../adapters/system/clock.ts";
import { logInToSim } from "../compose/demo.ts";
import { openServices } from "../compose/services.ts";
import type { Config } from "../domain/config.ts";
import { startCursorSim } from "../fixtures/cursor_sim/server.ts";
import { scrapeNow } from "../jobs/actions/scrape.ts";
import type { BenchContext, BenchResult } from "./benchmark.ts";
import { median, timed } from "./statistics.ts";

const ROUNDS = 7;
const GOAL = 1.15;

/**
 * A whole scrape (open the data folder, run, store, close) against a bare Playwright script that starts the same Chromium
 * with the same profile and options, loads the same page until the network is idle, and closes. Both run in this process,
 * with Playwright loaded; they take turns, and the medians are compared.
 */
export async function benchScrape({ dir, browserPath }: BenchContext): Promise<BenchResult> {
  const sim = startCursorSim({ seed: 7, clock: systemClock });
  try {
    const profileDir = `${dir}/scrape-profile`;
    await logInToSim({ browserPath, profileDir, sim });
    const env = {
      CURSOR_USAGE_URL: sim.usageUrl,
      USER_DATA_DIR: profileDir,
      DATA_DIR: `${dir}/scrape-data`,
      BROWSER_PATH: browserPath,
      LOG_LEVEL: "error",
    };
    const config = loadConfig({ env, workingDir: dir });
    const ours = () => timed(() => scrape(config));
    const bare = () =>
      timed(() => loadBarePage(sim.usageUrl, { executablePath: browserPath, profileDir, headless: true }));
    const [oursMs, bareMs] = await takeTurns(ours, bare);
    return {
      name: "scrape",
      value: median(oursMs) / median(bareMs),
      goal: GOAL,
      unit: "× Chromium alone",
      note: "wall time of a scrape against the same Chromium loading the same page until the network is idle",
      details: { scrape_ms: median(oursMs), chromium_alone_ms: median(bareMs), rounds: ROUNDS },
    };
  } finally {
    await sim.stop();
  }
}

async function scrape(config: Config): Promise<void> {
  const services = openServices(config, { echo: { level: "error", write: () => {} } });
  try {
    const { outcome, error } = await scrapeNow(services);
    if (outcome !== "stored" && outcome !== "unchanged") {
      throw new Error(`Cannot measure as the scrape failed: ${error}`);
    }
  } finally {
    await services.close();
  }
}

async function loadBarePage(url: string, options: LaunchOptions): Promise<void> {
  const chromium = await loadChromium();
  const context = await chromium.launchPersistentContext(options.profileDir, contextOptions(options));
  const page = context.pages()[0] ?? await context.newPage();
  await page.goto(url, { waitUntil: "networkidle" });
  if (page.url() !== url) throw new Error(`Cannot measure as the page leads to ${page.url()}: must stay at ${url}`);
  await context.close();
}

/** Who begins changes from round to round; a round before the first warms both up. */
async function takeTurns(
  one: () => Promise<number>,
  other: () => Promise<number>,
): Promise<[one: number[], other: number[]]> {
  await one();
  await other();
  const ones: number[] = [];
  const others: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    if (round % 2 === 0) ones.push(await one());
    others.push(await other());
    if (round % 2 === 1) ones.push(await one());
  }
  return [ones, others];
}
