import type { Liveness } from "../../domain/runs/run.ts";
import { entriesIn, isMissing, privateDir, removeIfThere } from "../files/files.ts";

const OWNER_LOCK = /^\d+-[0-9a-f-]{36}\.lock$/;

/** A Liveness that is held until it is closed. */
interface ProcessLiveness extends Liveness, Disposable {
  /** Lets go of this process's lock: from then on the others take it for dead. */
  close(): void;
}

/**
 * Liveness by file locks: each process holds DATA_DIR/locks/<id>.lock for as long as it lives. The system frees the lock
 * at any death, SIGKILL included, so a lock that can be taken belonged to a process that is gone; its file is removed.
 * Processes in several containers see one another, as long as they share the DATA_DIR of one machine.
 */
export function openProcessLiveness(dataDir: string): ProcessLiveness {
  const folder = `${dataDir}/locks`;
  privateDir(folder);
  const self = `${Deno.pid}-${crypto.randomUUID()}`;
  const ownPath = lockPath(folder, self);
  let own: Deno.FsFile | null = lockOwn(ownPath);
  removeStale(folder, self);
  const close = () => {
    own?.close();
    own = null;
    removeIfThere(ownPath);
  };
  return {
    self,
    // The own lock is not tried: taking it through a second handle and closing that would say nothing about it.
    isAlive: (owner) => owner === self ? own !== null : isLocked(lockPath(folder, owner)),
    close,
    [Symbol.dispose]: close,
  };
}

/** Ids of the processes that work with this DATA_DIR now. */
export function liveProcesses(dataDir: string): number[] {
  const folder = `${dataDir}/locks`;
  return entriesIn(folder).filter(({ name }) => OWNER_LOCK.test(name) && isLocked(`${folder}/${name}`))
    .map(({ name }) => Number.parseInt(name, 10));
}

/** Locks the file before it gets its name, so that nobody ever finds it unlocked while this process lives. */
function lockOwn(path: string): Deno.FsFile {
  const unnamed = `${path}.new`;
  const file = Deno.openSync(unnamed, { write: true, createNew: true, mode: 0o600 });
  file.lockSync(true);
  Deno.renameSync(unnamed, path);
  return file;
}

/** Whether a process holds the lock. A stale file is removed. */
function isLocked(path: string): boolean {
  try {
    using file = Deno.openSync(path);
    // Shared: two processes that look at the same time do not take each other for the owner.
    if (!file.tryLockSync(false)) return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
  removeIfThere(path);
  return false;
}

function removeStale(folder: string, self: string): void {
  for (const { name } of entriesIn(folder)) {
    if (OWNER_LOCK.test(name) && name !== `${self}.lock`) isLocked(`${folder}/${name}`);
  }
}

/** An owner id comes from the database: only its last path segment can reach the file system. */
function lockPath(folder: string, owner: string): string {
  return `${folder}/${owner.replaceAll(/[^\w-]/g, "_")}.lock`;
}
