import { TrackerError } from "../../domain/errors.ts";
import { DATABASE_ENTRY, MONTHS_FOLDER, SETTINGS_ENTRY } from "../../domain/operations/backup.ts";
import { LOCKED_EXIT_CODE, tryExclusiveLock } from "../files/exclusive_lock.ts";
import { exists, removeIfThere, replaceFileSync, syncDir } from "../files/files.ts";
import { z } from "zod";

/** What a restore replaces where the backup has it, in this order. The database's companions go first: they would be played into a new database. */
export const RESTORED_NAMES = [
  `${DATABASE_ENTRY}-wal`,
  `${DATABASE_ENTRY}-shm`,
  DATABASE_ENTRY,
  MONTHS_FOLDER,
  SETTINGS_ENTRY,
] as const;

const folderName = z.string().regex(/^[\w-]+$/);
const planJson = z.strictObject({
  /** Folder in DATA_DIR with what is to come. */
  staging: folderName,
  /** Folder in DATA_DIR for what it replaces. */
  keep: folderName,
});

/** A restore that is decided: from the moment that its file is there, it is carried out, however often it is interrupted. */
type RestorePlan = z.output<typeof planJson>;

const planPath = (dataDir: string) => `${dataDir}/restore.json`;
const lockPath = (dataDir: string) => `${dataDir}/restore.lock`;

/** The lock that a restore holds from its start to its end; null where another one does. */
export function tryRestoreLock(dataDir: string) {
  return tryExclusiveLock(lockPath(dataDir));
}

/** Writes the plan, which decides the restore, and carries it out. The caller holds the restore's lock. */
export function decideRestore(dataDir: string, plan: RestorePlan): void {
  replaceFileSync(planPath(dataDir), `${JSON.stringify(plan)}\n`);
  carryOut(dataDir, plan);
}

/**
 * To be called before the database is opened: finishes a restore that was interrupted after it was decided.
 * @throws TrackerError (exit code 15) where a restore goes on in another process.
 */
export function finishRestore(dataDir: string): void {
  if (!exists(lockPath(dataDir))) return;
  if (!exists(planPath(dataDir))) {
    if (isRestoring(dataDir)) throw restoreGoesOn(dataDir);
    return;
  }
  const lock = tryRestoreLock(dataDir);
  if (lock === null) throw restoreGoesOn(dataDir);
  try {
    const plan = readPlan(dataDir);
    if (plan !== null) carryOut(dataDir, plan);
  } finally {
    lock.release();
  }
}

/** Looks by a shared lock: commands that start at the same time do not take each other for a restore. */
function isRestoring(dataDir: string): boolean {
  using file = Deno.openSync(lockPath(dataDir));
  return !file.tryLockSync(false);
}

function restoreGoesOn(dataDir: string): TrackerError {
  return new TrackerError(`Cannot work with "${dataDir}" as another process restores a backup into it`, {
    hint: "Wait until it has ended, then try again.",
    exitCode: LOCKED_EXIT_CODE,
  });
}

function readPlan(dataDir: string): RestorePlan | null {
  const path = planPath(dataDir);
  if (!exists(path)) return null;
  try {
    return planJson.parse(JSON.parse(Deno.readTextFileSync(path)));
  } catch (error) {
    throw new TrackerError(`Cannot finish the restore that "${path}" describes as the file is damaged`, {
      hint: `Move "${path}" away, then restore the backup again.`,
      cause: error,
    });
  }
}

/** Each move is done once, however often this is begun: what has left the staging folder has arrived. */
function carryOut(dataDir: string, { staging, keep }: RestorePlan): void {
  const [from, to, aside] = [`${dataDir}/${staging}`, dataDir, `${dataDir}/${keep}`];
  Deno.mkdirSync(aside, { recursive: true, mode: 0o700 });
  for (const name of RESTORED_NAMES) {
    const isComing = exists(`${from}/${name}`);
    const isOld = exists(`${to}/${name}`) && !exists(`${aside}/${name}`);
    // A database that has arrived may be opened only after the end, so that a companion here is always the old one's.
    if (isOld && (isComing || isCompanion(name))) Deno.renameSync(`${to}/${name}`, `${aside}/${name}`);
    if (isComing) Deno.renameSync(`${from}/${name}`, `${to}/${name}`);
  }
  syncDir(aside);
  syncDir(to);
  if (Deno.readDirSync(aside)[Symbol.iterator]().next().done === true) Deno.removeSync(aside);
  Deno.removeSync(planPath(dataDir));
  syncDir(to);
  removeIfThere(from);
}

function isCompanion(name: string): boolean {
  return name.startsWith(`${DATABASE_ENTRY}-`);
}
