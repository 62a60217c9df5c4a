import { loadConfig } from "../../adapters/config/config.ts";
import { SqliteRunStore } from "../../adapters/sqlite/runs.ts";
import { transaction } from "../../adapters/sqlite/transaction.ts";
import type { SweepResult } from "../../domain/alerts/delivery.ts";
import type { Channel, RenderedMessage } from "../../domain/alerts/notification.ts";
import type { AlertRule } from "../../domain/alerts/rule.ts";
import { ALERT_RULES } from "../../domain/alerts/rules.ts";
import type { UsageRow } from "../../domain/capture/usage.ts";
import type { Stores } from "../../domain/stores.ts";
import { alertSweepJob } from "../../jobs/alert_sweep.ts";
import { fileDatabase, type TestDatabase, testDatabase } from "../adapters/sqlite/test_database.ts";
import { dates, dollars, row } from "../domain/history/snapshots.ts";
import { FakeLog } from "../fake_log.ts";
import { FakeTime } from "../fake_time.ts";
import { fakeRunContext } from "./fake_run_context.ts";
import { recover } from "./recover.ts";

export const CYCLE = dates("2026-11-10", "2026-12-10");

/** A channel that keeps what it took. `fail` decides about each try: what it throws is the answer of the other side. */
export class FakeChannel implements Channel {
  readonly name: string;
  readonly target = "test";
  readonly sent: RenderedMessage[] = [];
  readonly tried: string[] = [];
  fail: (message: RenderedMessage) => void | Promise<void> = () => undefined;

  constructor(name: string = "email") {
    this.name = name;
  }

  async send(message: RenderedMessage): Promise<void> {
    this.tried.push(message.messageId);
    await this.fail(message);
    this.sent.push(message);
  }

  check(): Promise<void> {
    return Promise.resolve();
  }

  /** Subjects of what was taken, oldest first. */
  subjects(): string[] {
    return this.sent.map(({ subject }) => subject);
  }
}

interface SweepOptions {
  readonly env?: Record<string, string>;
  readonly now?: string;
  readonly channels?: readonly FakeChannel[];
  readonly rules?: readonly AlertRule[];
}

/** Sweeps over a database of their own in memory, with a clock that the test moves. */
export function sweepHarness({ env = {}, ...options }: SweepOptions = {}) {
  return sweepsOver(testDatabase({ timeZone: env["TIME_ZONE"] ?? "UTC" }), { env, ...options });
}

/** Sweeps of several processes over one database in a file. */
export function sharedSweepHarness() {
  const database = fileDatabase();
  const test = sweepsOver(database, {});
  /** A further process with a connection of its own. */
  const other = (self: string) => test.process(self, database.connect());
  return { ...test, other };
}

function sweepsOver(
  database: TestDatabase,
  { env = {}, now = "2026-11-21T20:00:00Z", channels = [new FakeChannel()], rules = ALERT_RULES }: SweepOptions,
) {
  const config = loadConfig({ env, workingDir: "/nonexistent" });
  const time = new FakeTime(now);
  const log = new FakeLog();
  const dead = new Set<string>();
  let ids = 0;
  const messaging = {
    channels,
    dashboardUrl: "http://tracker.test:8787/",
    newMessageId: () => `<${++ids}@test>`,
    render: (message: { messageId: string; subject: string; createdAt: string }) => (
      { ...message, text: JSON.stringify(message), html: "", chat: "", json: null }
    ),
  };
  /** A process of its own over the same database. */
  const process = (self: string, own: Omit<TestDatabase, typeof Symbol.dispose> = database) => {
    const job = alertSweepJob({
      messaging,
      stores: own.stores,
      runs: new SqliteRunStore(own.db, () => own.stores),
      rules,
      transaction: (work) => transaction(own.db, () => work(own.stores)),
      liveness: { self, isAlive: (owner) => !dead.has(owner) },
      clock: time,
      config,
      sendTimeoutMs: 200,
    });
    return (): Promise<SweepResult> => job.run(fakeRunContext({ tx: own.stores, log, results: new Map() }));
  };
  return {
    ...database,
    config,
    time,
    log,
    dead,
    process,
    channel: channels[0] ?? new FakeChannel(),
    sweep: process("p1"),
    /** Stores a scrape's figures at the present time. */
    scrape: (rows: readonly UsageRow[], options: { cycle?: typeof CYCLE; pools?: [string, number | null][] } = {}) => {
      scrapeAt(database.stores, { at: time.now(), rows, ...options });
    },
    pass: (duration: Temporal.DurationLike) => time.set(time.now().add(duration).toString()),
    toMidnight: () => checkAtMidnight(database.stores, time),
    [Symbol.dispose]: () => database[Symbol.dispose](),
  };
}

/** Checks the newest snapshot at the next midnight. */
function checkAtMidnight({ usage }: Stores, time: FakeTime): void {
  const midnight = time.now().toZonedDateTimeISO("UTC").add({ days: 1 }).startOfDay().toInstant();
  time.set(midnight.toString());
  const latest = usage.latest();
  if (latest !== null) usage.check(latest.id, midnight, []);
}

/** Stores a spend of one model, as a scrape does. */
export function spent(amount: number | null, { costToYou = 0 }: { costToYou?: number | null } = {}): UsageRow[] {
  return [row("opus", amount, { costToYou, output: Math.round((amount ?? 0) * 1000) + 10 })];
}

export const budget = (stores: Stores, amount: number, at: string) =>
  stores.budgets.set(dollars(amount), Temporal.Instant.from(at));

function scrapeAt(
  stores: Stores,
  { at, rows, cycle = CYCLE, pools = [] }: {
    at: Temporal.Instant;
    rows: readonly UsageRow[];
    cycle?: typeof CYCLE;
    pools?: [string, number | null][];
  },
): void {
  const named = pools.map(([name, percentUsed]) => ({ name, percentUsed, used: null, limit: null }));
  const usage = { cycle, rows, pools: named, source: "network_json" as const, membership: "pro" };
  const tableHash = `${at.epochMilliseconds}`.padStart(64, "0");
  recover(stores, { at });
  const snapshot = stores.usage.insert({ usage, tableHash, capturedAt: at, captureId: null, payload: null });
  stores.history.record(snapshot, rows);
}
