import { loadConfig } from "../../adapters/config/config.ts";
import { tableFiles } from "../../adapters/files/tables.ts";
import { SqliteRunStore } from "../../adapters/sqlite/runs.ts";
import { sleep } from "../../adapters/system/timer.ts";
import { ALERT_RULES } from "../../domain/alerts/rules.ts";
import type { Json } from "../../domain/json.ts";
import type { Failure, Run } from "../../domain/runs/run.ts";
import type { Stores } from "../../domain/stores.ts";
import { createRunControl } from "../../jobs/engine/control.ts";
import { createEngine } from "../../jobs/engine/engine.ts";
import type { Job } from "../../jobs/job.ts";
import { every } from "../../jobs/schedule.ts";
import type { Services } from "../../ui/services.ts";
import { createWebApp } from "../../ui/web/app.ts";
import { type TestDatabase, testDatabase } from "../adapters/sqlite/test_database.ts";
import { FakeLog } from "../fake_log.ts";
import { FakeTime } from "../fake_time.ts";
import { untilAborted } from "../jobs/engine/harness.ts";
import { recover } from "../jobs/recover.ts";
import { noMessaging } from "../no_messaging.ts";
import { tempDir } from "../temp_dir.ts";
import { INSTALLATION, REPORT } from "./installation.ts";

/** A login for the tests' dashboards. */
export const LOGIN = { DASH_USER: "ada", DASH_PASS: "correct horse" };
/** The header that a client sends for it. */
export const BASIC = `Basic ${new TextEncoder().encode("ada:correct horse").toBase64()}`;

/** It is this late in the tests of the pages. */
const PAGES_NOW = "2026-11-21T20:00:00Z";

/**
 * Everything over a new database in memory, with a real engine: its job "scrape" waits in its step "capture" until `gate` is
 * resolved, and fails where that is rejected; "tidy" ends at once.
 */
export function pagesServices({ env = LOGIN, database = testDatabase() }: {
  env?: Record<string, string>;
  database?: TestDatabase;
} = {}) {
  const dir = tempDir();
  const clock = new FakeTime(PAGES_NOW);
  const { db, stores } = database;
  const runStore = new SqliteRunStore<Stores>(db, () => stores);
  const log = new FakeLog();
  const gate = Promise.withResolvers<Json>();
  const scrape: Job<Stores> = {
    name: "scrape",
    run: ({ step }) => step("capture", ({ signal }) => Promise.race([gate.promise, untilAborted({ signal })])),
  };
  const engine = createEngine<Stores>({
    jobs: [scrape, { name: "tidy", run: () => Promise.resolve(null) }],
    store: runStore,
    liveness: { self: "test", isAlive: (owner) => owner === "elsewhere" },
    clock,
    sleep,
    log,
  });
  const config = loadConfig({ env: { ALLOWED_HOSTS: "tracker.lan", ...env }, workingDir: dir.path });
  const services: Services = {
    config,
    clock,
    log,
    stores,
    runs: createRunControl(engine, { store: runStore, log }),
    schedule: [{ job: "scrape", ...every(60) }],
    tables: tableFiles,
    monthFiles: { list: () => Promise.resolve([]), events: async function* () {} },
    fetchProgress: { follow: () => ({ [Symbol.dispose]() {} }) },
    installation: INSTALLATION,
    doctor: () => Promise.resolve(REPORT),
    messaging: noMessaging(config),
    alertRules: ALERT_RULES,
    replay: () => Promise.resolve([]),
  };
  const closing = new AbortController();
  return {
    ...services,
    app: createWebApp(services, { closing: closing.signal }),
    clock,
    log,
    runStore,
    engine,
    gate,
    closing,
    async [Symbol.asyncDispose]() {
      closing.abort();
      gate.promise.catch(() => undefined);
      gate.reject(new Error("the test is over"));
      await engine.stop();
      database[Symbol.dispose]();
      dir[Symbol.dispose]();
    },
  };
}

export type PagesServices = ReturnType<typeof pagesServices>;

/** A finished run that began so many minutes before now. */
export function finishedRun(
  { runStore }: Pick<PagesServices, "runStore">,
  { key, job = "scrape", minutesAgo = 60, failure, output = null }: {
    key: string;
    job?: string;
    minutesAgo?: number;
    failure?: Failure;
    output?: Json;
  },
): Run {
  const at = Temporal.Instant.from(PAGES_NOW).subtract({ minutes: minutesAgo });
  const { run } = runStore.open({ job, key, input: null, owner: "gone", at });
  const lease = { runId: run.id, owner: "gone", fence: run.fence };
  const attempt = runStore.startAttempt(lease, "capture", at) ?? 0;
  const end = at.add({ milliseconds: 3_200 });
  if (failure === undefined) {
    runStore.completeStep(lease, { step: "capture", attempt, at: end, save: () => ({ payloads: 5 }) });
    runStore.succeed(lease, output, end);
  } else {
    runStore.failAttempt(lease, { step: "capture", attempt, at: end, failure });
    runStore.fail(lease, failure, end);
  }
  return runStore.find(run.id) ?? run;
}

/** Waits for the run's end, which its engine stores. */
export async function untilEnded({ runs }: Pick<PagesServices, "runs">, id: number): Promise<string> {
  for (;;) {
    const status = runs.show(id)?.run.status ?? "gone";
    if (status !== "running") return status;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** A failure as a scrape keeps it. */
export const LOGGED_OUT: Failure = {
  name: "CaptureFailed",
  message: "The site shows its login page: the session has ended",
  hint: "Log in again with 'tracker onboard'.",
  details: { outcome: "logged_out", exitCode: 10 },
};

/** Many runs of both jobs: good, failed with a very long text, cancelled, and one that another process runs. */
export function fillRuns(services: PagesServices): void {
  const tick = (hours: number) =>
    Temporal.Instant.from(PAGES_NOW).subtract({ hours }).toString({ smallestUnit: "minute" });
  const output = { outcome: "stored", source: "network_json", snapshot_id: 7, rows_count: 5 };
  for (let hours = 60; hours > 2; hours--) {
    finishedRun(services, {
      key: tick(hours),
      minutesAgo: 60 * hours,
      output: { ...output, outcome: hours % 5 === 0 ? "stored" : "unchanged" },
    });
  }
  const long = `Cannot read the page as ${"a-very-long-word-without-any-break-".repeat(8)} is in the way`;
  finishedRun(services, { key: tick(2), minutesAgo: 120, failure: { ...LOGGED_OUT, message: long } });
  finishedRun(services, { key: tick(1), minutesAgo: 60, failure: LOGGED_OUT });
  finishedRun(services, { key: "nightly", job: "tidy", minutesAgo: 30 });
  const at = Temporal.Instant.from(PAGES_NOW).subtract({ minutes: 5 });
  const { run } = services.runStore.open({ job: "tidy", key: "manual:x", input: null, owner: "gone", at });
  services.runStore.cancel({ runId: run.id, owner: "gone", fence: run.fence }, at);
}

/** An open alert, one that is known of, ended ones, and messages in every state. */
export function fillAlerts({ stores }: Pick<PagesServices, "stores">): void {
  const ago = (minutes: number) => Temporal.Instant.from(PAGES_NOW).subtract({ minutes });
  const { alerts, notifications } = stores;
  alerts.open({ kind: "no_data_24h", dedupeKey: "n1", details: "No scrape succeeded since 18 Nov.", at: ago(4_000) });
  recover({ alerts }, { kind: "no_data_24h", at: ago(3_700) });
  alerts.open({
    kind: "threshold_hit",
    dedupeKey: "threshold_hit:2026-11-10:spend:5000000",
    details: "Spend passed $5.00: it is $5.13 now.",
    at: ago(3_000),
  });
  alerts.open({
    kind: "scrape_error",
    dedupeKey: "s1",
    details: `${LOGGED_OUT.message}. ${LOGGED_OUT.hint}`,
    at: ago(60),
  });
  const [latest, known] = alerts.listOpen();
  if (known !== undefined) alerts.ack(known.id, ago(2_000));
  const add = (subject: string, channel: "email" | "webhook", minutes: number) =>
    notifications.add({
      channel,
      createdAt: ago(minutes),
      notices: latest === undefined ? [] : [{ alertId: latest.id, purpose: "opened" }],
      message: {
        messageId: `<${subject.length}-${channel}@tracker>`,
        purpose: "opened",
        subject,
        news: [],
        figures: [],
        days: [],
        dashboardUrl: null,
        createdAt: ago(minutes).toString(),
      },
    });
  const owner = "test";
  const sent = add("Spend passed $5.00", "email", 3_000);
  notifications.claim(sent.id, { owner, from: null, at: ago(2_999) });
  notifications.delivered(sent.id, { owner, at: ago(2_999) });
  const lost = add("Spend passed $5.00", "webhook", 3_000);
  notifications.claim(lost.id, { owner, from: null, at: ago(2_999) });
  notifications.failed(lost.id, { owner, at: ago(2_999), error: "The webhook answered 410 Gone", retryAt: null });
  const late = add("The usage page cannot be read", "email", 60);
  notifications.claim(late.id, { owner, from: null, at: ago(59) });
  const error = `The mail server said: 421 4.7.0 Try again later, closing connection ${"x".repeat(120)}`;
  notifications.failed(late.id, { owner, at: ago(59), error, retryAt: ago(-7) });
  add("The usage page cannot be read", "webhook", 1);
}
