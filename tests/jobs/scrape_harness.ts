import { pageReader } from "../../adapters/browser/page_reader.ts";
import { loadConfig } from "../../adapters/config/config.ts";
import { SqliteRunStore } from "../../adapters/sqlite/runs.ts";
import { transaction } from "../../adapters/sqlite/transaction.ts";
import { scrapeError } from "../../domain/alerts/rules/scrape_error.ts";
import type { Capture, UsageSite } from "../../domain/capture/capture.ts";
import { type ScrapeResult, scrapeResultOf } from "../../domain/capture/scrape.ts";
import type { Sleep } from "../../domain/clock.ts";
import type { Json } from "../../domain/json.ts";
import type { Log } from "../../domain/log.ts";
import { readCapture } from "../../domain/readers/read_capture.ts";
import type { Run } from "../../domain/runs/run.ts";
import type { Stores } from "../../domain/stores.ts";
import { simAccount } from "../../fixtures/cursor_sim/account.ts";
import { aggregatedUsagePayload, usageSummaryPayload } from "../../fixtures/cursor_sim/payloads.ts";
import { rowsPayload } from "../../fixtures/cursor_sim/table.ts";
import { type SimUsage, usageAt } from "../../fixtures/cursor_sim/usage.ts";
import { alertSweepJob } from "../../jobs/alert_sweep.ts";
import { createEngine, type Engine } from "../../jobs/engine/engine.ts";
import { FollowUps } from "../../jobs/follow_ups.ts";
import { scrapeJob } from "../../jobs/scrape.ts";
import { testDatabase } from "../adapters/sqlite/test_database.ts";
import { captureOf, jsonPayload } from "../domain/capture/capture_of.ts";
import { noMessaging } from "../no_messaging.ts";

/** What the site shows next: a capture, or why there is none. */
export type Sight = Capture | Error;

/** The scrape job and the sweep that follows it, over a database in memory and a site that shows what a test says. */
export class ScrapeHarness {
  /** What the site shows, first things first. A scrape that finds nothing here is a fault of the test. */
  readonly sights: Sight[] = [];
  readonly runStore: SqliteRunStore<Stores>;
  readonly stores: Stores;
  readonly engine: Engine;
  /** How often a capture was read. */
  reads = 0;
  readonly #read = (capture: Capture) => (this.reads++, readCapture(capture, pageReader));
  readonly #followUps: FollowUps;
  #ticks = 0;

  constructor() {
    const { db, stores } = testDatabase();
    this.stores = stores;
    this.runStore = new SqliteRunStore(db, () => stores);
    const clock = { now: () => Temporal.Instant.from("2026-11-21T19:00:00Z") };
    const liveness = { self: "p1", isAlive: () => true };
    const sweep = alertSweepJob({
      messaging: noMessaging({ channels: [] }),
      stores,
      runs: this.runStore,
      transaction: (work) => transaction(db, () => work(stores)),
      liveness,
      clock,
      config: loadConfig({ env: {}, workingDir: "/nonexistent" }),
      rules: [scrapeError],
    });
    this.#followUps = new FollowUps({ engine: () => this.engine, clock, log: SILENT, sleep: pausesOnly });
    this.engine = createEngine({
      jobs: [scrapeJob({ site: this.#site(), read: this.#read, stores, captureTimeoutMs: 90_000 }), sweep],
      store: this.runStore,
      liveness,
      clock,
      log: SILENT,
      ended: (run) => this.#followUps.after(run),
      random: () => 0.5,
      sleep: pausesOnly,
      cancelPollMs: 60_000,
    });
  }

  /** One tick's run, in which the site shows these things. */
  async scrape(...sights: Sight[]): Promise<{ run: Run; result: ScrapeResult }> {
    this.sights.push(...sights);
    const run = await this.engine.start("scrape", `tick ${++this.#ticks}`, null);
    await this.#followUps.settled();
    return { run, result: scrapeResultOf(run) };
  }

  /** Goes on with a run that failed, in which the site shows this. */
  async retry(runId: number, sight: Sight): Promise<Run> {
    this.sights.push(sight);
    const run = await this.engine.retry(runId);
    await this.#followUps.settled();
    return run;
  }

  openAlerts(): string[] {
    return this.stores.alerts.listOpen().map(({ kind }) => kind);
  }

  #site(): UsageSite {
    return {
      capture: () => {
        const sight = this.sights.shift() ?? new Error("Cannot look at the page as the test has shown nothing");
        return sight instanceof Error ? Promise.reject(sight) : Promise.resolve(sight);
      },
    };
  }
}

/** What a person has used by `at`. */
export function usageBy(at: string): SimUsage {
  return usageAt({ seed: 7, account: simAccount(), at: Temporal.Instant.from(at) });
}

/** The page's own JSON: its summary and the table by model. */
export function jsonCapture(usage: SimUsage, { at = usage.at, models = usage.models } = {}): Capture {
  return captureOf({
    at,
    payloads: [
      jsonPayload("usage-summary", usageSummaryPayload(usage)),
      jsonPayload("get-aggregated-usage-events", aggregatedUsagePayload(models)),
    ],
  });
}

/** The flat shape, its cells as text. */
export function rowsCapture(usage: SimUsage, { at = usage.at, models = usage.models } = {}): Capture {
  return captureOf({ at, payloads: [jsonPayload("rows", rowsPayload(usage, models))] });
}

/** Any one JSON answer. */
export function answerCapture(endpoint: string, { body, at }: { body: Json; at: Temporal.Instant }): Capture {
  return captureOf({ at, payloads: [jsonPayload(endpoint, body)] });
}

/** Pauses between tries are over at once; time-outs and polls never come. */
const pausesOnly: Sleep = (ms, signal) => {
  if (ms <= 2_000 || signal?.aborted) return Promise.resolve();
  return new Promise((resolve) => signal?.addEventListener("abort", () => resolve(), { once: true }));
};

const SILENT: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
