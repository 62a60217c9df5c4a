import { loadConfig } from "../../adapters/config/config.ts";
import { tableFiles } from "../../adapters/files/tables.ts";
import { ALERT_RULES } from "../../domain/alerts/rules.ts";
import type { Services } from "../../ui/services.ts";
import { testDatabase } from "../adapters/sqlite/test_database.ts";
import { noMessaging } from "../no_messaging.ts";
import { tempDir } from "../temp_dir.ts";
import { INSTALLATION } from "./installation.ts";
import { NO_RUNS } from "./no_runs.ts";

/** The time that the services of a test show. */
export const NOW = Temporal.Instant.from("2026-11-21T20:00:00Z");

/** Runs `use` with services over a new database, at NOW. */
export async function withTestServices(use: (services: Services) => Promise<void>): Promise<void> {
  using folder = tempDir();
  using database = testDatabase();
  const config = loadConfig({ env: {}, workingDir: folder.path });
  await use({
    config,
    clock: { now: () => NOW },
    log: { debug() {}, info() {}, warn() {}, error() {} },
    stores: database.stores,
    runs: NO_RUNS,
    schedule: [],
    tables: tableFiles,
    replay: () => Promise.resolve([]),
    monthFiles: { list: () => Promise.resolve([]), events: async function* () {} },
    fetchProgress: { follow: () => ({ [Symbol.dispose]() {} }) },
    installation: INSTALLATION,
    doctor: () => Promise.reject(new Error("no doctor here")),
    messaging: noMessaging(config),
    alertRules: ALERT_RULES,
  });
}
