import type { DatabaseSync } from "node:sqlite";
import { finishRestore } from "../adapters/backup/pending_restore.ts";
import { systemClock } from "../adapters/clock.ts";
import { secretsOf } from "../adapters/config/mod.ts";
import { privateDir } from "../adapters/data_dir.ts";
import { heartbeat } from "../adapters/heartbeat.ts";
import { openLog } from "../adapters/log.ts";
import { openProcessLiveness } from "../adapters/process_liveness.ts";
import { openDatabase } from "../adapters/sqlite/open.ts";
import { SqliteRunStore } from "../adapters/sqlite/run_store.ts";
import { sqliteStores } from "../adapters/sqlite/stores.ts";
import { transaction } from "../adapters/sqlite/transaction.ts";
import type { Config, LogLevel } from "../domain/config.ts";
import type { Clock } from "../domain/ports.ts";
import type { Stores } from "../domain/stores.ts";
import { backupJob } from "../jobs/backup.ts";
import { createRunControl } from "../jobs/engine/control.ts";
import { createEngine, type Engine } from "../jobs/engine/engine.ts";
import { integrityCheckJob } from "../jobs/integrity_check.ts";
import type { Job } from "../jobs/job.ts";
import { scrapeJob } from "../jobs/scrape.ts";
import { withHeartbeat } from "../jobs/with_heartbeat.ts";
import type { Services } from "../ui/services.ts";
import { pageReader } from "../adapters/cursor_web/page_reader.ts";
import { type CaptureIn, lazySite } from "./browser.ts";
import { lazyTableFiles } from "./tables.ts";
import { billingJobs, type BillingParts, monthFiles } from "./billing.ts";
import { fetchProgress } from "./fetch_progress.ts";
import { maintenance } from "./maintenance.ts";
import { replayCaptures } from "./replay.ts";
import { doctorOfServer } from "./doctor.ts";

/** Services together with what serving needs: the engine itself, and their end. */
export interface OpenServices extends Services {
  readonly engine: Engine;
  /** Runs `work` in one transaction over the stores. */
  transaction<T>(work: (tx: Stores) => T): T;
  /** Interrupts what runs, and closes database, locks and log. What was interrupted goes on at the next start. */
  close(): Promise<void>;
}

/** Where log lines go besides the file. */
export interface Echo {
  readonly level: LogLevel;
  readonly write: (line: string) => void;
}

/** Opens everything that commands and pages work with. */
export function openServices(
  config: Config,
  { echo, captureIn = "this_process" }: { echo: Echo | null; captureIn?: CaptureIn },
): OpenServices {
  const clock = systemClock;
  privateDir(config.dataDir);
  // In this order: a restore looks who lives after it has said that it begins.
  const liveness = openProcessLiveness(config.dataDir);
  const db = openAfterRestore(config.dataDir, { clock, liveness });
  const log = openLog({
    dataDir: config.dataDir,
    ...logsFolder(),
    level: config.logLevel,
    clock,
    secrets: secretsOf(config),
    ...(echo === null ? {} : { echo }),
  });
  const stores = sqliteStores(db, { timeZone: config.timeZone });
  stores.history.refresh();
  const runStore = new SqliteRunStore(db, () => stores);
  const progress = fetchProgress(log);
  const engine = createEngine({
    jobs: jobsOf(config, { stores, captureIn, clock, log, progress }),
    store: runStore,
    liveness,
    clock,
    log,
  });
  const stopped = new AbortController();
  const close = async () => {
    stopped.abort();
    await engine.stop();
    liveness.close();
    closeDatabase(db);
    log.close();
  };
  return {
    config,
    clock,
    log,
    stores,
    runs: createRunControl(engine, runStore),
    tables: lazyTableFiles(),
    monthFiles: monthFiles(config.dataDir, log).months,
    fetchProgress: progress,
    doctor: () => doctorOfServer(config, stopped.signal),
    replay: (options) => replayCaptures(db, { stores, ...options }),
    engine,
    transaction: (work) => transaction(db, () => work(stores)),
    close,
  };
}

/** Every job; a new one is one line here. */
function jobsOf(
  config: Config,
  { stores, captureIn, clock, log, progress }: Omit<BillingParts, "config"> & { stores: Stores; captureIn: CaptureIn },
): Job<Stores>[] {
  const site = lazySite(config, { clock, captureIn });
  const scrape = scrapeJob({ site, pages: pageReader, stores, captureTimeoutMs: config.scrapeTimeoutMs });
  return [
    withHeartbeat(scrape, heartbeat(config.heartbeatUrl)),
    backupJob(maintenance(config)),
    integrityCheckJob(maintenance(config)),
    ...billingJobs({ config, clock, log, progress }),
  ];
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
