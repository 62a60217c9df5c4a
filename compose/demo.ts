import { takeExclusiveLock } from "../adapters/exclusive_lock.ts";
import { privateDir } from "../adapters/data_dir.ts";
import { findOrInstallBrowser } from "../adapters/cursor_web/install_browser.ts";
import type { Config } from "../domain/config.ts";
import { TrackerError } from "../domain/errors.ts";
import { figuresByModel, spendOf } from "../domain/figures.ts";
import { formatMicros, micros } from "../domain/money.ts";
import { SCRAPE, type ScrapeResult, scrapeResultOf } from "../domain/scrape_result.ts";
import { startCursorSim } from "../fixtures/cursor_sim/mod.ts";
import { systemClock } from "../adapters/clock.ts";
import { formatTable } from "../ui/cli/output.ts";
import type { Services } from "../ui/services.ts";
import { fillHistory } from "./demo_history.ts";
import { logInToSim } from "./demo_login.ts";
import { fetchDemoTeam, startDemoTeam } from "./demo_team.ts";
import { serveServices, urlOf } from "./serve.ts";
import { type Echo, type OpenServices, openServices } from "./services.ts";

const SEED = 7;
const HISTORY_DAYS = 92;
const BUDGET = micros(20_000_000);

/** How the demo runs. */
export interface DemoOptions {
  /** Stop after the figures. */
  readonly once: boolean;
  readonly say: (text: string) => void;
  readonly interrupted: AbortSignal;
  readonly echo: Echo;
}

/**
 * The whole way against a simulated site: find or install a browser, log in, fill three months of history, scrape, serve.
 * It keeps to DATA_DIR/demo, which is made anew each time; the person's own data is not touched.
 */
export async function demo(config: Config, { once, say, interrupted, echo }: DemoOptions): Promise<void> {
  const dataDir = `${config.dataDir}/demo`;
  privateDir(config.dataDir);
  const lock = takeExclusiveLock(`${config.dataDir}/demo.lock`, { what: "run the demo in this data folder" });
  const sim = startCursorSim({ seed: SEED, clock: systemClock });
  const team = startDemoTeam({ seed: SEED, clock: systemClock, config });
  try {
    const browserPath = await findOrInstallBrowser({ say, browserPath: config.browserPath });
    await removeDir(dataDir);
    const profileDir = `${dataDir}/profile`;
    const usageUrl = new URL(sim.usageUrl);
    say(`A simulated Cursor site runs at ${sim.origin}.`);
    await logInToSim({ browserPath, profileDir, sim, sandbox: config.browserSandbox });
    say("Logged in to it with a real browser, as a person would.");
    const places = { dataDir, profileDir, usageUrl, browserPath };
    const services = openServices({ ...quiet(config), ...team.settings, ...places }, { echo });
    try {
      services.stores.budgets.set(BUDGET, services.clock.now().subtract({ hours: 24 * HISTORY_DAYS }));
      await fillHistory({ services, history: sim.history, days: HISTORY_DAYS, say, signal: interrupted });
      await fetchDemoTeam(services, say);
      const result = await scrape(services, say);
      showFigures(services, { result, say });
      if (!once && !interrupted.aborted) await serveDemo(services, { interrupted, say });
    } finally {
      await services.close();
    }
  } finally {
    await Promise.all([sim.stop(), team.stop()]);
    lock.release();
  }
}

/** Serves as `tracker serve` does, with the same lock: doctor and a second demo see that it is served. */
async function serveDemo(
  services: OpenServices,
  { interrupted, say }: Pick<DemoOptions, "interrupted" | "say">,
): Promise<void> {
  const lock = takeExclusiveLock(`${services.config.dataDir}/serve.lock`, { what: "serve the demo" });
  try {
    await serveServices(services, {
      interrupted,
      onListen: (address) => say(`\nDashboard: ${urlOf(address)}   (Ctrl-C ends the demo)`),
    });
  } finally {
    lock.release();
  }
}

async function scrape({ runs, clock }: Services, say: (text: string) => void): Promise<ScrapeResult> {
  say("Reading the usage page with a headless browser…");
  const result = scrapeResultOf(await runs.run(SCRAPE, `demo:${clock.now().toString()}`, null));
  if (result.snapshot_id === null) {
    throw new TrackerError(`The demo's scrape brought no figures: ${result.error}`, { hint: result.hint });
  }
  say(`Scrape: ${result.outcome}, ${result.rows_count} models from ${result.source}.`);
  return result;
}

function showFigures(
  { stores, config }: Services,
  { result, say }: { result: ScrapeResult; say: (text: string) => void },
): void {
  const rows = result.snapshot_id === null ? [] : stores.usage.rows(result.snapshot_id);
  const cells = figuresByModel(rows).map(({ model, apiCost, tokens }) => [
    model,
    formatMicros(apiCost),
    tokens.total.toLocaleString("en-US"),
  ]);
  cells.push(["Total", formatMicros(spendOf(rows, config.spendMetric).known), ""]);
  say(`\nCycle ${result.billing_period_start} to ${result.billing_period_end}`);
  say(formatTable(["model", "spent", "tokens"], cells, { right: [1, 2] }).trimEnd());
}

async function removeDir(path: string): Promise<void> {
  try {
    await Deno.remove(path, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** Nobody outside is told of figures that are made up. */
function quiet(config: Config): Config {
  const { mail, webhook } = config;
  return { ...config, mail: { ...mail, host: null, to: [] }, webhook: { ...webhook, url: null }, heartbeatUrl: null };
}
