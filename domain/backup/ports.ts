import type { BackupManifest } from "./manifest.ts";

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
