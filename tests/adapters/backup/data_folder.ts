import { writeBackup } from "../../../adapters/backup/write_backup.ts";
import { openDatabase } from "../../../adapters/sqlite/open.ts";
import { sqliteStores } from "../../../adapters/sqlite/stores.ts";
import { micros } from "../../../domain/money.ts";

export const AT = Temporal.Instant.from("2026-11-22T03:40:00Z");
export const clock = { now: () => AT };

/** Work that nobody watches or stops. */
export const quietly = { signal: new AbortController().signal, onProgress: () => {} };

/** What a data folder says, in the three places that a backup has. */
export interface Figures {
  readonly budgetMicros: number;
  readonly month: string;
  readonly settings: string;
}

/** Makes a data folder that says these. */
export function fillDataFolder(dataDir: string, { budgetMicros, month, settings }: Figures): void {
  const db = openDatabase(dataDir, { clock });
  sqliteStores(db).budgets.set(micros(budgetMicros), AT);
  db.close();
  Deno.mkdirSync(`${dataDir}/monthly_usage_data`, { recursive: true });
  Deno.writeTextFileSync(`${dataDir}/monthly_usage_data/01-2026-usage-based-data.json`, month);
  Deno.writeTextFileSync(`${dataDir}/config.yaml`, settings);
}

/** What the folder says now. */
export function readDataFolder(dataDir: string): Figures {
  const db = openDatabase(dataDir, { clock });
  const budgetMicros = sqliteStores(db).budgets.at(AT)?.amount ?? 0;
  db.close();
  return {
    budgetMicros,
    month: Deno.readTextFileSync(`${dataDir}/monthly_usage_data/01-2026-usage-based-data.json`),
    settings: Deno.readTextFileSync(`${dataDir}/config.yaml`),
  };
}

/** Backs the folder up to `file`. */
export function backUp(dataDir: string, file: string) {
  const origin = { dataDir, configFile: `${dataDir}/config.yaml`, clock, programVersion: "0.1.0" };
  return writeBackup(origin, { target: file, replace: true, ...quietly });
}

/** Every file below a folder with its bytes, but for lock files, which say nothing. */
export function treeOf(folder: string): Record<string, string> {
  const files: Record<string, string> = {};
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    const path = `${folder}/${name}`;
    if (isDirectory) { for (const [inner, bytes] of Object.entries(treeOf(path))) files[`${name}/${inner}`] = bytes; }
    else if (!name.endsWith(".lock")) files[name] = Deno.readFileSync(path).toBase64();
  }
  return files;
}
