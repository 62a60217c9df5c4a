import type { Clock } from "../../domain/clock.ts";
import { TrackerError } from "../../domain/errors.ts";
import {
  type BackupManifest,
  DATABASE_ENTRY,
  type LongWork,
  type PreparedRestore,
} from "../../domain/operations/backup.ts";
import { type ExclusiveLock, holderOf, LOCKED_EXIT_CODE, tryExclusiveLock } from "../files/exclusive_lock.ts";
import { entriesIn, exists, privateDir, removeIfThere, syncDir, syncFile, unusedPath } from "../files/files.ts";
import { migrate, MIGRATIONS } from "../sqlite/migrate.ts";
import { liveProcesses } from "../system/process_liveness.ts";
import { databaseFault } from "./check_database.ts";
import { decideRestore, finishRestore, RESTORED_NAMES, tryRestoreLock } from "./pending_restore.ts";
import { readBackupManifest, refused, unpackBackup } from "./read_backup.ts";
import { fileTime } from "./write_backup.ts";
import { basename } from "node:path";
import { DatabaseSync } from "node:sqlite";

const STAGING = /^restoring-[0-9a-f-]{36}$/;

/**
 * Unpacks a backup beside the data, checks it and migrates it. Until `commit` nothing of the data is touched; the locks
 * keep every other process away from the data until then. @throws TrackerError
 */
export async function prepareRestore(
  file: string,
  { dataDir, clock, ...work }: LongWork & { dataDir: string; clock: Clock },
): Promise<PreparedRestore> {
  await readBackupManifest(file);
  privateDir(dataDir);
  const locks = takeLocks(dataDir);
  const staging = `restoring-${crypto.randomUUID()}`;
  const folder = `${dataDir}/${staging}`;
  const leave = () => {
    removeIfThere(folder);
    locks.release();
  };
  try {
    removeStaleStagings(dataDir);
    privateDir(folder);
    const manifest = await unpackBackup(file, { into: folder, ...work });
    work.onProgress(1, "Checking the database");
    const schemaVersion = readyDatabase(file, { folder, manifest, at: clock.now() });
    const replaces = RESTORED_NAMES.filter((name) => !name.includes("-") && exists(`${dataDir}/${name}`));
    const keep = basename(unusedPath(`${dataDir}/before-restore-${fileTime(clock.now())}`));
    return {
      manifest,
      schemaVersion,
      replaces,
      commit() {
        try {
          decideRestore(dataDir, { staging, keep });
        } finally {
          locks.release();
        }
        return { keptIn: exists(`${dataDir}/${keep}`) ? `${dataDir}/${keep}` : null };
      },
      discard: leave,
    };
  } catch (error) {
    leave();
    throw error;
  }
}

/**
 * Three facts keep others away: a server holds the first lock for as long as it lives; a starting command first shows that
 * it lives, then looks at the second lock; and here that lock is taken first, then who lives is looked at.
 */
function takeLocks(dataDir: string): ExclusiveLock {
  const servePath = `${dataDir}/serve.lock`;
  const serveLock = tryExclusiveLock(servePath);
  if (serveLock === null) throw inUse(dataDir, { doing: "serves it", pid: holderOf(servePath) });
  try {
    // A restore that was interrupted after it was decided comes before this one.
    finishRestore(dataDir);
    const restoreLock = tryRestoreLock(dataDir);
    if (restoreLock === null) throw inUse(dataDir, { doing: "restores a backup into it", pid: null });
    const [pid] = liveProcesses(dataDir);
    if (pid !== undefined) {
      restoreLock.release();
      throw inUse(dataDir, { doing: "works with it", pid });
    }
    return {
      release() {
        restoreLock.release();
        serveLock.release();
      },
    };
  } catch (error) {
    serveLock.release();
    throw error;
  }
}

function inUse(dataDir: string, { doing, pid }: { doing: string; pid: number | null }): TrackerError {
  const who = pid === null ? "another process" : `process ${pid}`;
  return new TrackerError(`Cannot restore into "${dataDir}" as ${who} ${doing}`, {
    hint: "Stop it first, such as with 'systemctl stop tracker' or Ctrl-C; then restore, and start it again.",
    exitCode: LOCKED_EXIT_CODE,
  });
}

/** Checks the unpacked database, brings it to today's schema, and ends what was going on in it. Answers its version. */
function readyDatabase(
  file: string,
  { folder, manifest, at }: { folder: string; manifest: BackupManifest; at: Temporal.Instant },
): number {
  const path = `${folder}/${DATABASE_ENTRY}`;
  const fault = databaseFault(path, manifest);
  if (fault !== null) {
    const isNewer = manifest.schemaVersion > (MIGRATIONS.at(-1)?.version ?? 0);
    throw refused(file, fault, isNewer ? "Install that newer version, and restore with it." : undefined);
  }
  const db = new DatabaseSync(path, { enableForeignKeyConstraints: true });
  try {
    // The backup itself is the copy from before the migration.
    migrate(db, { migrations: MIGRATIONS, backup: () => {} });
    // The process that ran them belongs to the time of the backup: the schedule starts what is due now.
    db.prepare("UPDATE runs SET status = 'cancelled', finished_at = ? WHERE status = 'running'")
      .run(at.toString({ smallestUnit: "millisecond" }));
    return Number(db.prepare("PRAGMA user_version").get()?.["user_version"]);
  } finally {
    db.close();
    syncFile(path);
    syncDir(folder);
  }
}

/** Folders of restores that were killed before they were decided. The caller holds the lock of all restores. */
function removeStaleStagings(dataDir: string): void {
  for (const { name } of entriesIn(dataDir)) {
    if (STAGING.test(name)) removeIfThere(`${dataDir}/${name}`);
  }
}
