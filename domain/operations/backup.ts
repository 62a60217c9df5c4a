import { isJsonObject, type Json } from "../json.ts";

/** Which kind of file a backup is; a later kind that this program could not read has a higher number. */
const BACKUP_FORMAT = "tracker-backup";
const BACKUP_FORMAT_VERSION = 1;

/** The database inside a backup, and in DATA_DIR. */
export const DATABASE_ENTRY = "tracker.db";
/** The settings inside a backup; restored as DATA_DIR/config.yaml. */
export const SETTINGS_ENTRY = "config.yaml";
/** The folder of the fetched months, inside a backup and in DATA_DIR. */
export const MONTHS_FOLDER = "monthly_usage_data";

const MONTH_FILE = /^(?:0[1-9]|1[0-2])-\d{4}-usage-based-data\.json$/;
const SHA256 = /^[0-9a-f]{64}$/;

/** One file of a backup. */
export interface BackupEntry {
  readonly name: string;
  readonly size: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

/** What a backup says of itself; the first file in it. */
export interface BackupManifest {
  readonly programVersion: string;
  /** The database's `user_version`. */
  readonly schemaVersion: number;
  readonly createdAt: Temporal.Instant;
  readonly entries: readonly BackupEntry[];
}

/** Whether a file of this name is one that a fetch wrote. */
export function isMonthFile(name: string): boolean {
  return MONTH_FILE.test(name);
}

/** Only these names are ever unpacked: no path can lead out of the folder. */
function isEntryName(name: string): boolean {
  if (name === DATABASE_ENTRY || name === SETTINGS_ENTRY) return true;
  return name.startsWith(`${MONTHS_FOLDER}/`) && isMonthFile(name.slice(MONTHS_FOLDER.length + 1));
}

/** The bytes of all files together. */
export function unpackedBytes({ entries }: Pick<BackupManifest, "entries">): number {
  return entries.reduce((sum, { size }) => sum + size, 0);
}

/** The manifest as it stands in a backup. */
export function manifestJson({ programVersion, schemaVersion, createdAt, entries }: BackupManifest) {
  return {
    format: BACKUP_FORMAT,
    format_version: BACKUP_FORMAT_VERSION,
    program_version: programVersion,
    schema_version: schemaVersion,
    created_at: createdAt.toString({ smallestUnit: "millisecond" }),
    entries: entries.map(({ name, size, sha256 }) => ({ name, size, sha256 })),
  } satisfies Json;
}

/** What is wrong with a manifest, in words that continue "as". */
type ManifestFault = { readonly fault: string; readonly isNewer: boolean };

/** Reads a manifest; answers the fault where it is not one that this program can restore. */
export function readManifest(json: unknown): BackupManifest | ManifestFault {
  const fault = (text: string, isNewer = false): ManifestFault => ({ fault: text, isNewer });
  if (!isJsonObject(json) || json["format"] !== BACKUP_FORMAT) return fault("it is not a backup of tracker");
  const formatVersion = json["format_version"];
  if (typeof formatVersion !== "number") return fault("its manifest has no format version");
  if (formatVersion > BACKUP_FORMAT_VERSION) {
    return fault(
      `it was made by a newer tracker: its format is ${formatVersion}, this one knows ${BACKUP_FORMAT_VERSION}`,
      true,
    );
  }
  const { program_version: programVersion, schema_version: schemaVersion, entries: listed } = json;
  const createdAt = readInstant(json["created_at"]);
  if (typeof programVersion !== "string" || !isCount(schemaVersion) || createdAt === null || !Array.isArray(listed)) {
    return fault("its manifest is damaged");
  }
  const entries: BackupEntry[] = [];
  for (const entry of listed) {
    const read = readEntry(entry);
    if (read === null) return fault("its manifest lists a file that no backup has");
    if (entries.some(({ name }) => name === read.name)) return fault(`its manifest lists "${read.name}" twice`);
    entries.push(read);
  }
  if (!entries.some(({ name }) => name === DATABASE_ENTRY)) return fault("it has no database");
  return { programVersion, schemaVersion, createdAt, entries };
}

function readEntry(json: unknown): BackupEntry | null {
  if (!isJsonObject(json)) return null;
  const { name, size, sha256 } = json;
  if (typeof name !== "string" || !isEntryName(name) || !isCount(size)) return null;
  return typeof sha256 === "string" && SHA256.test(sha256) ? { name, size, sha256 } : null;
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function readInstant(value: unknown): Temporal.Instant | null {
  try {
    return typeof value === "string" ? Temporal.Instant.from(value) : null;
  } catch {
    return null; // not a time: the caller says that the manifest is damaged
  }
}

/** Names of the maintenance jobs, as runs, schedules and logs have them. */
export const BACKUP = "backup";
export const INTEGRITY_CHECK = "integrity-check";

/** How something long goes on: how much of it is done, 0 to 1, and what is done now. */
export interface LongWork {
  readonly signal: AbortSignal;
  readonly onProgress: (part: number, doing: string) => void;
}

/** A backup that was written. */
export interface WrittenBackup {
  readonly file: string;
  readonly bytes: number;
  readonly manifest: BackupManifest;
}

/** A backup that was unpacked and checked; nothing is replaced yet. One of the two must be called. */
export interface PreparedRestore {
  readonly manifest: BackupManifest;
  /** The schema that the database was brought to: at least the backup's own. */
  readonly schemaVersion: number;
  /** Which of the things in DATA_DIR would be replaced; empty in a new folder. */
  readonly replaces: readonly string[];
  /** Replaces them, all or none; answers the folder that keeps what was replaced. */
  commit(): { readonly keptIn: string | null };
  /** Leaves everything as it was. */
  discard(): void;
}

/** Backups of the data folder. */
export interface Backups {
  /**
   * Writes database, month files and settings as one file, beside whatever else works with them. `target` may be a folder.
   * @throws TrackerError where there is no data, or a file is there and `replace` is false.
   */
  write(target: string, options: LongWork & { replace: boolean }): Promise<WrittenBackup>;
  /**
   * Unpacks and checks a backup beside the data. @throws TrackerError where it is not whole, not ours or newer, and (exit
   * code 15) where another process works with the data.
   */
  prepareRestore(file: string, options: LongWork): Promise<PreparedRestore>;
}

/** What a check of the database file found. */
export interface Integrity {
  /** In SQLite's words; empty where all is well. */
  readonly problems: readonly string[];
}

/** Work on the whole database that takes seconds; it runs in a process of its own, so that the server goes on answering. */
export interface Maintenance {
  /** Writes the backup of this name to DATA_DIR/backups. */
  backUp(name: string, signal: AbortSignal): Promise<{ readonly file: string; readonly bytes: number }>;
  /** Deletes the oldest nightly backups but `keep`; answers their names. */
  pruneBackups(keep: number): Promise<readonly string[]>;
  checkIntegrity(signal: AbortSignal): Promise<Integrity>;
}
