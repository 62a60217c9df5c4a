import type { Backups } from "../../domain/backup/ports.ts";
import { prepareRestore } from "./restore_backup.ts";
import { type BackupOrigin, writeBackup } from "./write_backup.ts";

/** The backups of a data folder. */
export function dataBackups(origin: BackupOrigin): Backups {
  return {
    write: (target, options) => writeBackup(origin, { target, ...options }),
    prepareRestore: (file, options) => prepareRestore(file, { ...origin, ...options }),
  };
}
