import { micros } from "../domain/money.ts";
import { createWebApp } from "../ui/web/app.ts";
import type { BenchContext, BenchResult } from "./benchmark.ts";
import { fill, type History } from "./filled_history.ts";
import { listen, listenBare, ratesInTurns } from "./request_rate.ts";
import { median } from "./statistics.ts";
import { Hono } from "@hono/hono";

/** At least 0.7 of the bare route's requests per second. */
const GOAL = 1 / 0.7;
const PATHS = ["/api/summary", "/api/daily"] as const;
const ROUNDS = 15;

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
  await using oursServer = await listen(app);
  await using bareServer = listenBare(bare.fetch);
  const rates: { ours: number; bare: number }[] = [];
  for (const path of PATHS) rates.push(await ratesInTurns(oursServer.origin + path, bareServer.origin + path));
  return rates;
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
