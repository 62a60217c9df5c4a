import { loadConfig } from "../../../adapters/config/config.ts";
import { tableFiles } from "../../../adapters/files/tables.ts";
import { openDatabase } from "../../../adapters/sqlite/open.ts";
import { sqliteStores } from "../../../adapters/sqlite/stores.ts";
import { ALERT_RULES } from "../../../domain/alerts/rules.ts";
import type { Services } from "../../../ui/services.ts";
import { noMessaging } from "../../no_messaging.ts";
import { tempDir } from "../../temp_dir.ts";
import { INSTALLATION } from "../installation.ts";
import { NO_RUNS } from "../no_runs.ts";

/** The time that the services of a test show. */
export const NOW = Temporal.Instant.from("2026-11-21T20:00:00Z");

/** Runs `use` with services over a new database, at NOW. */
export async function withTestServices(use: (services: Services) => Promise<void>): Promise<void> {
  using folder = tempDir();
  const clock = { now: () => NOW };
  const db = openDatabase(`${folder.path}/data`, { clock });
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  try {
    const config = loadConfig({ env: {}, workingDir: folder.path });
    const replay = () => Promise.resolve([]);
    const fetchProgress = { follow: () => ({ [Symbol.dispose]() {} }) };
    const monthFiles = { list: () => Promise.resolve([]), events: async function* () {} };
    const doctor = () => Promise.reject(new Error("no doctor here"));
    const files = {
      tables: tableFiles,
      replay,
      monthFiles,
      fetchProgress,
      installation: INSTALLATION,
      doctor,
      messaging: noMessaging(config),
      alertRules: ALERT_RULES,
    };
    await use({ config, clock, log, stores: sqliteStores(db), runs: NO_RUNS, schedule: [], ...files });
  } finally {
    db.close();
  }
}
