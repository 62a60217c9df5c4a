import { findOrInstallBrowser } from "../adapters/browser/install_browser.ts";
import { pageReader } from "../adapters/browser/page_reader.ts";
import { CHANNELS } from "../adapters/channels/channels.ts";
import { takeExclusiveLock } from "../adapters/files/exclusive_lock.ts";
import { privateDir, removeIfThere } from "../adapters/files/files.ts";
import { systemClock } from "../adapters/system/clock.ts";
import { BILLING_FETCH } from "../domain/billing/fetch.ts";
import type { Capture, RawPayload } from "../domain/capture/capture.ts";
import { SCRAPE, type ScrapeResult, scrapeResultOf } from "../domain/capture/scrape.ts";
import { tableHash } from "../domain/capture/table_hash.ts";
import type { Clock } from "../domain/clock.ts";
import { type BrowserSandbox, type Config, secret } from "../domain/config.ts";
import { TrackerError } from "../domain/errors.ts";
import { formatMicros, micros } from "../domain/money.ts";
import { readCapture } from "../domain/readers/read_capture.ts";
import { figuresByModel, spendOf } from "../domain/report/models.ts";
import { adminApi } from "../fixtures/cursor_sim/admin_api.ts";
import { generateEvents } from "../fixtures/cursor_sim/admin_events.ts";
import { aggregatedUsagePayload, usageSummaryPayload } from "../fixtures/cursor_sim/payloads.ts";
import { type CursorSim, startCursorSim } from "../fixtures/cursor_sim/server.ts";
import type { SimUsage, UsageHistory } from "../fixtures/cursor_sim/usage.ts";
import { storeUsage } from "../jobs/scrape.ts";
import { formatTable } from "../ui/cli/output.ts";
import type { Services } from "../ui/services.ts";
import { formatInteger } from "../ui/words/format.ts";
import { serveServices, urlOf } from "./serve.ts";
import { type Echo, type OpenServices, openServices } from "./services.ts";

const SEED = 7;
const HISTORY_DAYS = 92;
const BUDGET = micros(20_000_000);

/** How the demo runs. */
interface DemoOptions {
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
    removeIfThere(dataDir);
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
    formatInteger(tokens.total),
  ]);
  cells.push(["Total", formatMicros(spendOf(rows, config.spendMetric).known), ""]);
  say(`\nCycle ${result.billing_period_start} to ${result.billing_period_end}`);
  say(formatTable(["model", "spent", "tokens"], cells, { right: [1, 2] }).trimEnd());
}

/** Nobody outside is told of figures that are made up. */
function quiet(config: Config): Config {
  const channels = CHANNELS.map((channel) => channel.setUp({}, { path: (text) => text }));
  return { ...config, channels, heartbeatUrl: null };
}

const ORIGIN = "http://127.0.0.1";

/** What history is made of, and for how long. */
interface FillOptions {
  readonly services: OpenServices;
  readonly history: UsageHistory;
  readonly days: number;
  readonly say: (text: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Stores what hourly scrapes of the past days would have stored, by the scrape's own normalize and store, day by day. The
 * newest request is kept from them, and left for the real scrape to find.
 */
export async function fillHistory({ services, history, days, say, signal }: FillOptions): Promise<void> {
  const now = services.clock.now();
  const newest = history.at(now).events.at(-1)?.at ?? now;
  let stored = 0;
  for (let day = days; day > 0 && !signal.aborted; day--) {
    const hours = Array.from({ length: 24 }, (_, hour) => now.subtract({ hours: 24 * day - hour }));
    const tables = await Promise.all(hours.map(async (at) => {
      const isLate = Temporal.Instant.compare(at, newest) >= 0;
      const capture = captureAt(history.at(isLate ? newest.subtract({ milliseconds: 1 }) : at), at);
      const { usage, payload } = readCapture(capture, pageReader);
      if (usage === null) throw new Error("The simulated payloads hold no usage table");
      return { usage, payload, captureId: null, capturedAt: at, hash: await tableHash(usage) };
    }));
    services.transaction((tx) => {
      for (const table of tables) if (storeUsage(tx, table).outcome === "stored") stored++;
    });
    if (day % 23 === 0) say(`Filling history: ${Math.round((1 - day / days) * 100)} %`);
  }
  say(`Filled ${days} days of history: ${stored} snapshots.`);
}

function captureAt(usage: SimUsage, at: Temporal.Instant): Capture {
  return {
    capturedAt: at,
    payloads: [
      payload("/api/usage-summary", usageSummaryPayload(usage)),
      payload("/api/dashboard/get-aggregated-usage-events", aggregatedUsagePayload(usage.models)),
    ],
    evidence: {
      requestedUrl: ORIGIN,
      finalUrl: ORIGIN,
      pageStatus: 200,
      title: null,
      hasLoginForm: false,
      isChallenged: false,
      apiCalls: [],
      problems: [],
      timedOut: false,
      hasCrashed: false,
      durationMs: 0,
    },
  };
}

function payload(path: string, body: unknown): RawPayload {
  return {
    kind: "network_json",
    url: ORIGIN + path,
    method: "POST",
    status: 200,
    requestBody: null,
    contentType: "application/json",
    body: JSON.stringify(body),
  };
}

/** Logs the profile in through the simulated site's login form. */
export async function logInToSim(
  { browserPath, profileDir, sim, sandbox = "on" }: {
    browserPath: string;
    profileDir: string;
    sandbox?: BrowserSandbox;
    sim: Pick<CursorSim, "usageUrl" | "email" | "password">;
  },
): Promise<void> {
  const { launchBrowser } = await import("../adapters/browser/launch.ts");
  const browser = await launchBrowser({ executablePath: browserPath, profileDir, headless: true, sandbox });
  try {
    const page = browser.context.pages()[0] ?? await browser.context.newPage();
    await page.goto(sim.usageUrl);
    await page.getByLabel("Email").fill(sim.email);
    await page.getByLabel("Password").fill(sim.password);
    await page.getByRole("button").click();
    await page.getByRole("row").nth(1).waitFor();
  } finally {
    await browser.close();
  }
}

const API_KEY = "key_of_the_demo";
const MONTHS = 6;
const EVENTS = 6_000;

/** A simulated team, and what a configuration needs to ask it. */
interface DemoTeam {
  readonly settings: Pick<Config, "adminUrl" | "apiKey" | "billing">;
  stop(): Promise<void>;
}

/** Serves the simulated Admin API with half a year of a team's events. */
function startDemoTeam({ seed, clock, config }: { seed: number; clock: Clock; config: Config }): DemoTeam {
  const now = clock.now();
  const start = now.toZonedDateTimeISO("UTC").subtract({ months: MONTHS - 1 }).with({ day: 1 }).startOfDay();
  const events = generateEvents({
    seed,
    count: EVENTS,
    startMs: start.epochMilliseconds,
    endMs: now.epochMilliseconds,
  });
  const api = adminApi({ apiKey: API_KEY, events, clock });
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, api.fetch);
  const billing = { ...config.billing, monthsBack: MONTHS, pageSize: 500, requestDelayMs: 0 };
  const adminUrl = new URL(`http://127.0.0.1:${server.addr.port}`);
  return {
    settings: { adminUrl, apiKey: secret(API_KEY), billing },
    stop: () => server.shutdown(),
  };
}

/** Fetches the team's months, as the daily job does. */
async function fetchDemoTeam(
  { runs, stores, clock }: Pick<Services, "runs" | "stores" | "clock">,
  say: (text: string) => void,
): Promise<void> {
  await runs.run(BILLING_FETCH, `demo:${clock.now().toString()}`, null);
  const rows = stores.rollups.rows();
  const events = rows.reduce((sum, { requests }) => sum + requests, 0);
  say(`Team billing: ${events} billed events of ${new Set(rows.map(({ month }) => month.toString())).size} months.`);
}
