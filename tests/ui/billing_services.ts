import { loadConfig } from "../../adapters/config/config.ts";
import { tableFiles } from "../../adapters/files/tables.ts";
import { SqliteRunStore } from "../../adapters/sqlite/runs.ts";
import { sleep } from "../../adapters/system/timer.ts";
import { ALERT_RULES } from "../../domain/alerts/rules.ts";
import { MonthAggregator } from "../../domain/billing/rollup.ts";
import type { JsonObject } from "../../domain/json.ts";
import { createRunControl } from "../../jobs/engine/control.ts";
import { createEngine } from "../../jobs/engine/engine.ts";
import type { Services } from "../../ui/services.ts";
import { testDatabase } from "../adapters/sqlite/test_database.ts";
import { FakeLog } from "../fake_log.ts";
import { FakeTime } from "../fake_time.ts";
import { noMessaging } from "../no_messaging.ts";
import { tempDir } from "../temp_dir.ts";
import { INSTALLATION } from "./installation.ts";

/** A month of the store. */
export interface GivenMonth {
  /** "2026-01". */
  readonly month: string;
  readonly events: readonly JsonObject[];
  readonly isComplete?: boolean;
}

/** What the UI works with, over a new database in memory that holds these months. It is noon on 20 March 2026. */
export function billingServices(months: readonly GivenMonth[] = []): Services & Disposable {
  const dir = tempDir();
  const clock = new FakeTime("2026-03-20T12:00:00Z");
  const database = testDatabase();
  const { db, stores } = database;
  const runStore = new SqliteRunStore(db, () => stores);
  const log = new FakeLog();
  const engine = createEngine({
    jobs: [],
    store: runStore,
    liveness: { self: "test", isAlive: () => true },
    clock,
    sleep,
    log,
  });
  for (const { month, events, isComplete = true } of months) {
    const aggregator = new MonthAggregator(Temporal.PlainYearMonth.from(month));
    for (const event of events) aggregator.add(event);
    const fetchedAt = Temporal.Instant.from("2026-03-20T09:00:00Z");
    stores.rollups.replace({ month, fileId: month, fetchedAt, isComplete }, aggregator.result());
  }
  const config = loadConfig({ env: {}, workingDir: dir.path });
  return {
    config,
    clock,
    log,
    stores,
    runs: createRunControl(engine, { store: runStore, log }),
    schedule: [],
    tables: tableFiles,
    replay: () => Promise.resolve([]),
    doctor: () => Promise.reject(new Error("no doctor here")),
    monthFiles: { list: () => Promise.resolve([]), events: async function* () {} },
    messaging: noMessaging(config),
    alertRules: ALERT_RULES,
    fetchProgress: { follow: () => ({ [Symbol.dispose]: () => {} }) },
    installation: INSTALLATION,
    [Symbol.dispose]() {
      database[Symbol.dispose]();
      dir[Symbol.dispose]();
    },
  };
}
