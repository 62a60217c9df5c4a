import { tableFiles } from "../adapters/tables/table_files.ts";
import { Hono } from "@hono/hono";
import { loadConfig } from "../adapters/config/mod.ts";
import { openDatabase } from "../adapters/sqlite/open.ts";
import { sqliteStores } from "../adapters/sqlite/stores.ts";
import { transaction } from "../adapters/sqlite/transaction.ts";
import { cycleBetween } from "../domain/cycle.ts";
import { micros } from "../domain/money.ts";
import type { Stores } from "../domain/stores.ts";
import type { UsageRow } from "../domain/usage.ts";
import type { Services } from "../ui/services.ts";
import { createWebApp } from "../ui/web/app.tsx";
import type { BenchContext, BenchResult } from "./benchmark.ts";
import { median } from "./statistics.ts";

/** At least 0.7 of the bare route's requests per second. */
const GOAL = 1 / 0.7;
const PATHS = ["/api/summary", "/api/daily"] as const;
const MODELS = 6;
const EVENTS_PER_YEAR = 33_334;
const ROUNDS = 15;
const REQUESTS_PER_ROUND = 400;
const START = Temporal.Instant.from("2016-11-10T12:00:00Z");

/** How much history a database is filled with. */
interface History {
  readonly years: number;
  readonly hoursPerSnapshot: number;
}

/**
 * Three years of hourly snapshots that 100,000 requests to models added up to: /api/summary and /api/daily over a socket
 * against a bare Hono route that answers the same bytes, in turns. And what the first answer after a new snapshot costs
 * with one year of history and with ten.
 */
export async function benchHistory({ dir }: Pick<BenchContext, "dir">): Promise<BenchResult> {
  const three = await measureRates(`${dir}/three`, { years: 3, hoursPerSnapshot: 1 });
  const one = await firstAnswerMs(`${dir}/one`, { years: 1, hoursPerSnapshot: 6 });
  const ten = await firstAnswerMs(`${dir}/ten`, { years: 10, hoursPerSnapshot: 6 });
  return {
    name: "history over HTTP",
    value: Math.max(...three.map(({ ours, bare }) => bare / ours)),
    goal: GOAL,
    unit: "× a bare Hono route",
    note: "the slower of /api/summary and /api/daily with three years of hourly snapshots and 100,000 requests in " +
      "them, against a bare Hono route that answers the same bytes",
    details: {
      summary_per_second: three[0]?.ours ?? NaN,
      summary_bare_per_second: three[0]?.bare ?? NaN,
      daily_per_second: three[1]?.ours ?? NaN,
      daily_bare_per_second: three[1]?.bare ?? NaN,
      first_answer_one_year_ms: one,
      first_answer_ten_years_ms: ten,
    },
  };
}

async function measureRates(dir: string, history: History): Promise<{ ours: number; bare: number }[]> {
  using filled = fill(dir, history);
  const app = createWebApp(filled.services);
  const bare = new Hono();
  for (const path of PATHS) {
    const bytes = await (await app.request(path)).arrayBuffer();
    bare.get(path, (context) => context.body(bytes, 200, { "content-type": "application/json" }));
  }
  await using oursServer = listen(app.fetch);
  await using bareServer = listen(bare.fetch);
  const rates: { ours: number; bare: number }[] = [];
  for (const path of PATHS) {
    const [ours, others]: [number[], number[]] = [[], []];
    // The first round of each warms up and does not count.
    for (let round = 0; round <= ROUNDS; round++) {
      const pair = [await ratePerSecond(oursServer.origin + path), await ratePerSecond(bareServer.origin + path)];
      if (round === 0) continue;
      ours.push(pair[0] ?? NaN);
      others.push(pair[1] ?? NaN);
    }
    rates.push({ ours: median(ours), bare: median(others) });
  }
  return rates;
}

function listen(handler: (request: Request) => Response | Promise<Response>) {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => undefined }, handler);
  return {
    origin: `http://127.0.0.1:${server.addr.port}`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

async function ratePerSecond(url: string): Promise<number> {
  const startedAt = performance.now();
  for (let sent = 0; sent < REQUESTS_PER_ROUND; sent++) await (await fetch(url)).bytes();
  return REQUESTS_PER_ROUND * 1_000 / (performance.now() - startedAt);
}

/** Milliseconds of both answers when nothing of them is remembered, but the finished cycles are. */
async function firstAnswerMs(dir: string, history: History): Promise<number> {
  using filled = fill(dir, history);
  const app = createWebApp(filled.services);
  const times: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    // A write of any kind makes remembered answers void.
    filled.stores.budgets.set(micros(20_000_000), filled.services.clock.now());
    const startedAt = performance.now();
    for (const path of PATHS) await (await app.request(path)).arrayBuffer();
    if (round > 0) times.push(performance.now() - startedAt);
  }
  return median(times);
}

function fill(dir: string, { years, hoursPerSnapshot }: History): { services: Services; stores: Stores } & Disposable {
  const hours = Math.round(years * 365.25 * 24);
  const now = START.add({ hours });
  const clock = { now: () => now };
  const db = openDatabase(dir, { clock });
  const stores = sqliteStores(db);
  transaction(db, () => {
    insertSnapshots(stores, { hours, hoursPerSnapshot });
    stores.history.rebuild();
  });
  const unused = () => Promise.reject(new Error("No run is started here"));
  const quiet = () => undefined;
  const services: Services = {
    config: loadConfig({ env: { PROJECTION_METHOD: "auto" }, workingDir: dir }),
    clock,
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    stores,
    runs: { list: () => [], show: () => null, run: unused, retry: unused, cancel: () => false, resume: unused },
    tables: tableFiles,
    replay: unused,
    doctor: unused,
    monthFiles: { list: () => Promise.resolve([]), events: async function* () {} },
    fetchProgress: { follow: () => ({ [Symbol.dispose]() {} }) },
  };
  return { services, stores, [Symbol.dispose]: () => db.close() };
}

/** Every hour brings its share of the year's requests, a cent and a thousand tokens each, to one model after another. */
function insertSnapshots(
  { usage }: Stores,
  { hours, hoursPerSnapshot }: { hours: number; hoursPerSnapshot: number },
): void {
  const perHour = EVENTS_PER_YEAR / (365.25 * 24);
  let cycleStart = START;
  let cycleEnd = monthAfter(START);
  let requests = new Array<number>(MODELS).fill(0);
  let sent = 0;
  for (let hour = hoursPerSnapshot; hour <= hours; hour += hoursPerSnapshot) {
    const capturedAt = START.add({ hours: hour });
    if (Temporal.Instant.compare(capturedAt, cycleEnd) >= 0) {
      [cycleStart, cycleEnd] = [cycleEnd, monthAfter(cycleEnd)];
      requests = new Array<number>(MODELS).fill(0);
    }
    for (; sent < hour * perHour; sent++) requests[sent % MODELS] = (requests[sent % MODELS] ?? 0) + 1;
    usage.insert({
      usage: {
        cycle: cycleBetween(cycleStart, cycleEnd),
        rows: requests.map(rowOf),
        pools: [{ name: "Other Models", percentUsed: 40, used: null, limit: null }],
        source: "network_json",
        membership: "pro",
      },
      tableHash: String(hour).padStart(64, "0"),
      capturedAt,
      captureId: null,
      payload: null,
    });
  }
}

function rowOf(requests: number, model: number): UsageRow {
  const tokens = requests * 1_000;
  return {
    model: `model-${model}`,
    tokens: { inputWithCacheWrite: 0, inputWithoutCacheWrite: tokens, cacheRead: 0, output: 0, total: tokens },
    apiCost: micros(requests * 10_000),
    costToYou: micros(0),
    costBasis: "included",
  };
}

function monthAfter(at: Temporal.Instant): Temporal.Instant {
  return at.toZonedDateTimeISO("UTC").add({ months: 1 }).toInstant();
}
