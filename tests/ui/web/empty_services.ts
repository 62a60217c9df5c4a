import { loadConfig } from "../../../adapters/config/mod.ts";
import { openDatabase } from "../../../adapters/sqlite/open.ts";
import { sqliteStores } from "../../../adapters/sqlite/stores.ts";
import { tableFiles } from "../../../adapters/tables/table_files.ts";
import type { RunControl } from "../../../domain/ports.ts";
import type { Services } from "../../../ui/services.ts";
import { tempDir } from "../../temp_dir.ts";

/** The time that the services of a test show. */
export const NOW = Temporal.Instant.from("2026-11-21T20:00:00Z");

const noRuns: RunControl = {
  list: () => [],
  show: () => null,
  run: () => Promise.reject(new Error("no runs here")),
  retry: () => Promise.reject(new Error("no runs here")),
  cancel: () => false,
  resume: () => Promise.resolve([]),
};

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
    const files = { tables: tableFiles, replay, monthFiles, fetchProgress, doctor };
    await use({ config, clock, log, stores: sqliteStores(db), runs: noRuns, ...files });
  } finally {
    db.close();
  }
}
