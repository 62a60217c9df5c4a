import { loadConfig } from "../../adapters/config/config.ts";
import { tableFiles } from "../../adapters/files/tables.ts";
import { ALERT_RULES } from "../../domain/alerts/rules.ts";
import type { UsageRow } from "../../domain/capture/usage.ts";
import { type BillingCycle, cycleStart } from "../../domain/cycle.ts";
import type { SnapshotFigures } from "../../domain/history/figures.ts";
import type { Services } from "../../ui/services.ts";
import { createWebApp } from "../../ui/web/app.ts";
import { store, type TestDatabase, testDatabase } from "../adapters/sqlite/test_database.ts";
import { dates, dollars, instant, NOVEMBER, row, snapshot } from "../domain/history/snapshots.ts";
import { noMessaging } from "../no_messaging.ts";
import { INSTALLATION, REPORT } from "./installation.ts";
import { NO_RUNS } from "./no_runs.ts";

export const OCTOBER = dates("2026-10-01", "2026-11-01");

/** Services over a new database in memory, the web app over them, and a clock that the test moves. */
export function testServices({ env = {}, now = "2026-11-11T00:00:00Z", database = testDatabase() }: {
  env?: Record<string, string>;
  now?: string;
  database?: TestDatabase;
} = {}) {
  const clock = {
    at: instant(now),
    now() {
      return this.at;
    },
  };
  const quiet = () => undefined;
  const unused = () => {
    throw new Error("No run is started here");
  };
  const config = loadConfig({ env: { ALLOWED_HOSTS: "tracker.lan", ...env }, workingDir: "/nonexistent" });
  const services: Services = {
    config,
    clock,
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    stores: database.stores,
    runs: NO_RUNS,
    schedule: [],
    tables: tableFiles,
    monthFiles: { list: () => Promise.resolve([]), events: async function* () {} },
    fetchProgress: { follow: () => ({ [Symbol.dispose]() {} }) },
    installation: INSTALLATION,
    replay: unused,
    doctor: () => Promise.resolve(REPORT),
    messaging: noMessaging(config),
    alertRules: ALERT_RULES,
  };
  return {
    database,
    services,
    stores: database.stores,
    clock,
    app: createWebApp(services),
    [Symbol.dispose]: () => database[Symbol.dispose](),
  };
}

export type TestServices = ReturnType<typeof testServices>;

/**
 * October: $31, a dollar a day. November so far: $1 on each of ten days, by opus ($6) and auto ($4); checked at
 * midnight of the 11th. The budget is $20 from mid-October on.
 */
export function fillTwoCycles({ stores }: Pick<TestServices, "stores">): void {
  for (let day = 1; day <= 31; day++) store(stores, onDay(OCTOBER, day, [row("opus", day)]));
  stores.budgets.set(dollars(20), instant("2026-10-15T00:00:00Z"));
  for (let day = 1; day <= 10; day++) {
    const auto = day > 6 ? [row("auto", day - 6)] : [];
    store(stores, onDay(NOVEMBER, day, [row("opus", Math.min(day, 6)), ...auto]));
  }
}

/** Seen at noon, and found the same at the midnight after it. */
function onDay(cycle: BillingCycle, day: number, rows: readonly UsageRow[]): SnapshotFigures {
  const noon = (cycleStart(cycle) ?? instant("1970-01-01T00:00:00Z")).add({ hours: 24 * day - 12 });
  return snapshot(noon.toString(), rows, { cycle, checkedAt: noon.add({ hours: 12 }).toString() });
}
