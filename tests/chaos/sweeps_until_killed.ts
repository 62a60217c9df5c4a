import { loadConfig } from "../../adapters/config/config.ts";
import { openDatabase } from "../../adapters/sqlite/open.ts";
import { SqliteRunStore } from "../../adapters/sqlite/runs.ts";
import { sqliteStores } from "../../adapters/sqlite/stores.ts";
import { transaction } from "../../adapters/sqlite/transaction.ts";
import { openProcessLiveness } from "../../adapters/system/process_liveness.ts";
import { sleep } from "../../adapters/system/timer.ts";
import { ALERT_SWEEP } from "../../domain/alerts/delivery.ts";
import type { LogFields } from "../../domain/log.ts";
import type { Stores } from "../../domain/stores.ts";
import { alertSweepJob } from "../../jobs/alert_sweep.ts";
import { createEngine } from "../../jobs/engine/engine.ts";
import { CA_FILE, PASSWORD, USER } from "../adapters/channels/email/mail_server.ts";
import { dates, row } from "../domain/history/snapshots.ts";
import { recover } from "../jobs/recover.ts";
import type { DatabaseSync } from "node:sqlite";

/**
 * A process for the chaos test: over the data folder and the mail server's port that it is given it lets the time pass in
 * steps of 20 minutes, stores what a scrape would, and sweeps twice at once; until it is killed or has made its rounds.
 * It says "begins", and "recorded <id>" for each message whose acceptance is recorded.
 */

const [dataDir = "", port = "", rounds = "0"] = Deno.args;
const START = Temporal.Instant.from("2026-11-10T00:00:00Z");
const STEP_MINUTES = 20;
const CYCLE = dates("2026-11-10", "2026-12-10");

/** The time is a row, so that all processes and their successors share it. */
function sharedTime(db: DatabaseSync) {
  db.exec("CREATE TABLE IF NOT EXISTS steps_of_time (id INTEGER PRIMARY KEY) STRICT");
  const count = db.prepare("SELECT count(*) AS steps FROM steps_of_time");
  const insert = db.prepare("INSERT INTO steps_of_time DEFAULT VALUES");
  const steps = () => Number(count.get()?.["steps"] ?? 0);
  return {
    now: () => START.add({ minutes: STEP_MINUTES * steps() }),
    pass: () => (insert.run(), steps()),
  };
}

/** By turns a dollar more is spent, which also ends a failure, and a scrape fails. */
function happen(stores: Stores, { step, at }: { step: number; at: Temporal.Instant }): void {
  if (step % 2 === 1) {
    stores.alerts.open({ kind: "scrape_error", dedupeKey: `scrape_error:${step}`, details: "Away.", at });
    return;
  }
  recover(stores, { at });
  const rows = [row("opus", step / 2, { output: step * 10 })];
  const usage = { cycle: CYCLE, rows, pools: [], source: "network_json" as const, membership: null };
  const tableHash = String(step).padStart(64, "0");
  const snapshot = stores.usage.insert({ usage, tableHash, capturedAt: at, captureId: null, payload: null });
  stores.history.record(snapshot, rows);
}

const say = (line: string) => void Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
const silent = () => undefined;
const log = {
  debug: silent,
  warn: silent,
  error: silent,
  info(event: string, fields: LogFields = {}) {
    if (event === "notification.delivered") say(`recorded ${fields["message_id"]}`);
  },
};

const config = loadConfig({
  env: {
    SMTP_HOST: "localhost",
    SMTP_PORT: port,
    SMTP_USER: USER,
    SMTP_PASS: PASSWORD,
    SMTP_CA_FILE: CA_FILE,
    ALERT_TO: "grace@example.test",
    THRESHOLDS: Array.from({ length: 500 }, (_, n) => n + 1).join(","),
    ALERT_PERCENTS: "none",
  },
  workingDir: "/nonexistent",
});
using db = openDatabase(dataDir, { clock: { now: () => START } });
using liveness = openProcessLiveness(dataDir);
const clock = sharedTime(db);
const stores = sqliteStores(db);
const runStore = new SqliteRunStore(db, () => stores);
const job = alertSweepJob({
  messaging: {
    channels: config.channels.flatMap((channel) => channel.make() ?? []),
    dashboardUrl: null,
    newMessageId: () => `<${crypto.randomUUID()}@example.test>`,
    render: ({ messageId, subject, createdAt }) => (
      { messageId, subject, createdAt, text: subject, html: subject, chat: subject, json: null }
    ),
  },
  stores,
  runs: runStore,
  transaction: (work) => transaction(db, () => work(stores)),
  liveness,
  clock,
  config,
});
const engine = createEngine({
  jobs: [job],
  store: runStore,
  liveness,
  clock,
  sleep,
  log,
  maxInterruptions: 1_000,
});
say("begins");
await engine.resume();
for (let round = 0; round < Number(rounds); round++) {
  const step = transaction(db, () => {
    const passed = clock.pass();
    happen(stores, { step: passed, at: clock.now() });
    return passed;
  });
  await Promise.all(["a", "b"].map((name) => engine.start(ALERT_SWEEP, `${step}${name}`, null)));
}
say("ends");
Deno.exit();
