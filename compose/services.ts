import { finishRestore } from "../adapters/backup/pending_restore.ts";
import { pageReader } from "../adapters/browser/page_reader.ts";
import { heartbeat } from "../adapters/channels/heartbeat.ts";
import { privateDir } from "../adapters/files/files.ts";
import { openDatabase } from "../adapters/sqlite/open.ts";
import { SqliteRunStore } from "../adapters/sqlite/runs.ts";
import { sqliteStores } from "../adapters/sqlite/stores.ts";
import { rehearsal, transaction } from "../adapters/sqlite/transaction.ts";
import { systemClock } from "../adapters/system/clock.ts";
import { installation } from "../adapters/system/installation.ts";
import { type FileLog, openLog } from "../adapters/system/log.ts";
import { openProcessLiveness } from "../adapters/system/process_liveness.ts";
import { sleep } from "../adapters/system/timer.ts";
import type { Messaging } from "../domain/alerts/notification.ts";
import type { AlertRule } from "../domain/alerts/rule.ts";
import { ALERT_RULES } from "../domain/alerts/rules.ts";
import type { Clock } from "../domain/clock.ts";
import type { Config, LogLevel } from "../domain/config.ts";
import { readCapture } from "../domain/readers/read_capture.ts";
import type { Liveness, RunControl } from "../domain/runs/run.ts";
import type { Stores } from "../domain/stores.ts";
import type { TableFiles } from "../domain/tables/table.ts";
import { replayCaptures } from "../jobs/actions/replay.ts";
import { alertSweepJob } from "../jobs/alert_sweep.ts";
import { createRunControl } from "../jobs/engine/control.ts";
import { createEngine, type Engine } from "../jobs/engine/engine.ts";
import { FollowUps } from "../jobs/follow_ups.ts";
import type { Job } from "../jobs/job.ts";
import { backupJob, integrityCheckJob, withHeartbeat } from "../jobs/maintenance.ts";
import { scrapeJob } from "../jobs/scrape.ts";
import type { Services } from "../ui/services.ts";
import { billingJobs, type BillingParts, fetchProgress, monthFiles } from "./billing.ts";
import { type CaptureIn, lazySite } from "./browser.ts";
import { messagingOf } from "./channels.ts";
import { doctorOfServer } from "./doctor.ts";
import { maintenance } from "./maintenance.ts";
import type { DatabaseSync } from "node:sqlite";

/** Services together with what serving needs: the engine itself, and their end. */
export interface OpenServices extends Services {
  readonly engine: Engine;
  /** Runs `work` in one transaction over the stores. */
  transaction<T>(work: (tx: Stores) => T): T;
  /** Waits for what follows the runs that ended, such as the sweep after a scrape. */
  settled(): Promise<void>;
  /** Interrupts what runs, and closes database, locks and log. What was interrupted goes on at the next start. */
  close(): Promise<void>;
}

/** Where log lines go besides the file. */
export interface Echo {
  readonly level: LogLevel;
  readonly write: (line: string) => void;
}

/** How they are opened. */
interface OpenServicesOptions {
  readonly echo: Echo | null;
  readonly captureIn?: CaptureIn;
  /** Default: those of this version. */
  readonly alertRules?: readonly AlertRule[];
}

/** Opens everything that commands and pages work with. */
export function openServices(
  config: Config,
  { echo, captureIn = "this_process", alertRules = ALERT_RULES }: OpenServicesOptions,
): OpenServices {
  const clock = systemClock;
  privateDir(config.dataDir);
  // In this order: a restore looks who lives after it has said that it begins.
  const liveness = openProcessLiveness(config.dataDir);
  const db = openAfterRestore(config.dataDir, { clock, liveness });
  const log = logOf(config, echo);
  const stores = sqliteStores(db, { timeZone: config.timeZone });
  stores.history.refresh();
  const runStore = new SqliteRunStore(db, () => stores);
  const progress = fetchProgress(log);
  const messaging = messagingOf(config, { rules: alertRules });
  const inTransaction = <T>(work: (tx: Stores) => T) => transaction(db, () => work(stores));
  const followUps = new FollowUps({ engine: () => engine, clock, sleep, log });
  const parts = { config, clock, log, stores, messaging, alertRules };
  const engine: Engine = createEngine({
    jobs: jobsOf({ ...parts, runs: runStore, captureIn, inTransaction, liveness, progress }),
    store: runStore,
    liveness,
    clock,
    sleep,
    log,
    ended: (run) => followUps.after(run),
  });
  const stopped = new AbortController();
  const close = async () => {
    followUps.close();
    stopped.abort();
    await engine.stop();
    liveness.close();
    closeDatabase(db);
    log.close();
  };
  return {
    ...parts,
    runs: createRunControl(engine, { store: runStore, log }),
    schedule: [],
    tables: lazyTableFiles(),
    monthFiles: monthFiles(config.dataDir, log).months,
    fetchProgress: progress,
    installation: installation({ db, dataDir: config.dataDir, profileDir: config.profileDir }),
    doctor: () => doctorOfServer(config, stopped.signal),
    replay: (wish) => replayCaptures(replayParts(db, stores), wish),
    engine,
    transaction: inTransaction,
    settled: () => followUps.settled(),
    close,
  };
}

function replayParts(db: DatabaseSync, stores: Stores): Parameters<typeof replayCaptures>[0] {
  return {
    stores,
    pages: pageReader,
    transaction: (work) => transaction(db, work),
    rehearsal: (work) => rehearsal(db, work),
  };
}

/** What the jobs are made of. */
interface JobParts extends BillingParts {
  readonly captureIn: CaptureIn;
  readonly stores: Stores;
  readonly inTransaction: <T>(work: (tx: Stores) => T) => T;
  readonly liveness: Liveness;
  readonly messaging: Messaging;
  readonly runs: Pick<RunControl, "list">;
  readonly alertRules: readonly AlertRule[];
}

/** Every job; a new one is one line here. */
function jobsOf(parts: JobParts): Job<Stores>[] {
  const { config, captureIn, stores, inTransaction: transaction, liveness, messaging, runs, clock, alertRules } = parts;
  const site = lazySite(config, { clock, captureIn });
  return [
    withHeartbeat(
      scrapeJob({
        site,
        read: (capture) => readCapture(capture, pageReader),
        stores,
        captureTimeoutMs: config.scrapeTimeoutMs,
      }),
      heartbeat(config.heartbeatUrl),
    ),
    backupJob(maintenance(config)),
    integrityCheckJob(maintenance(config)),
    alertSweepJob({ messaging, stores, runs, transaction, liveness, clock, config, rules: alertRules }),
    ...billingJobs(parts),
  ];
}

function logOf(config: Config, echo: Echo | null): FileLog {
  return openLog({
    dataDir: config.dataDir,
    ...logsFolder(),
    level: config.logLevel,
    clock: systemClock,
    secrets: config.secrets.map((secret) => secret.reveal()),
    ...(echo === null ? {} : { echo }),
  });
}

/** The folder that systemd made for the logs of this service, where it did. */
function logsFolder(): { folder?: string } {
  const folder = Deno.env.get("LOGS_DIRECTORY");
  return folder === undefined || folder === "" ? {} : { folder };
}

/** Opens the database; lets go of `liveness` where that fails. */
function openAfterRestore(dataDir: string, { clock, liveness }: { clock: Clock; liveness: Disposable }): DatabaseSync {
  try {
    finishRestore(dataDir);
    return openDatabase(dataDir, { clock });
  } catch (error) {
    liveness[Symbol.dispose]();
    throw error;
  }
}

function closeDatabase(db: DatabaseSync): void {
  if (db.isOpen) db.close();
}

/** Files with tables; the libraries that read and write them are loaded when they are first used. */
function lazyTableFiles(): TableFiles {
  const load = async () => (await import("../adapters/files/tables.ts")).tableFiles;
  return {
    size: async (path) => await (await load()).size(path),
    async *readCsv(path, onBytes) {
      yield* (await load()).readCsv(path, onBytes);
    },
    write: async (table, target) => await (await load()).write(table, target),
    makeFolder: async (path) => await (await load()).makeFolder(path),
  };
}
