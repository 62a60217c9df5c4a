import type { Backups } from "../../domain/operations/backup.ts";
import { entriesIn, removeIfThere } from "../files/files.ts";
import { prepareRestore } from "./restore_backup.ts";
import { type BackupOrigin, writeBackup } from "./write_backup.ts";

/** The backups of a data folder. */
export function dataBackups(origin: BackupOrigin): Backups {
  return {
    write: (target, options) => writeBackup(origin, { target, ...options }),
    prepareRestore: (file, options) => prepareRestore(file, { ...origin, ...options }),
  };
}

const NIGHTLY = /^tracker-\d{8}T\d{6}Z\.tar\.gz$/;
const UNFINISHED = /^tracker-\d{8}T\d{6}Z\.tar\.gz\.[0-9a-f-]{36}\.partial$/;

/** Deletes the oldest nightly backups but `keep`, and what killed ones left; answers the names. Other files stay. */
export function pruneNightlyBackups(folder: string, keep: number): string[] {
  const names = entriesIn(folder).filter(({ isFile }) => isFile).map(({ name }) => name);
  const nightly = names.filter((name) => NIGHTLY.test(name));
  const removed = [
    ...nightly.slice(0, Math.max(0, nightly.length - keep)),
    ...names.filter((name) => UNFINISHED.test(name)),
  ];
  for (const name of removed) removeIfThere(`${folder}/${name}`);
  return removed;
}
