import { messageOf, TrackerError } from "../../domain/errors.ts";
import { isMissing } from "./files.ts";

/** Exit code of a command that another process keeps out. */
export const LOCKED_EXIT_CODE = 15;

/** A lock that this process holds. The system lets go of it when the process ends, however it ends. */
export interface ExclusiveLock {
  release(): void;
}

/** Takes the lock file at `path`, made where it is missing; null where another process (or another taker here) holds it. */
export function tryExclusiveLock(path: string): ExclusiveLock | null {
  const file = openLockFile(path);
  try {
    if (!file.tryLockSync(true)) {
      file.close();
      return null;
    }
    file.truncateSync(0);
    file.writeSync(new TextEncoder().encode(`${Deno.pid}\n`));
  } catch (error) {
    file.close();
    throw error;
  }
  let held = true;
  return {
    release() {
      // The file stays: removing it would let two processes lock two files of the same name.
      if (held) file.close();
      held = false;
    },
  };
}

/**
 * Takes the lock file at `path`. `what` says what only one process at a time may do, such as "serve this data folder".
 * @throws TrackerError (exit code 15) that names the process that holds it.
 */
export function takeExclusiveLock(path: string, { what }: { what: string }): ExclusiveLock {
  const lock = tryExclusiveLock(path);
  if (lock !== null) return lock;
  const pid = holderOf(path);
  const holder = pid === null ? "another process" : `process ${pid}`;
  throw new TrackerError(`Cannot ${what} as ${holder} already does`, {
    hint: `Wait until ${holder} has ended, or stop it. The lock is "${path}".`,
    exitCode: LOCKED_EXIT_CODE,
  });
}

/** Who holds the lock file at `path`; null where nobody does, or there is none. Changes nothing. */
export function lockHolder(path: string): { readonly pid: number | null } | null {
  try {
    using file = Deno.openSync(path);
    // Shared, and let go of at once: two that look at the same time do not take each other for the holder.
    return file.tryLockSync(false) ? null : { pid: holderOf(path) };
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

function openLockFile(path: string): Deno.FsFile {
  try {
    return Deno.openSync(path, { read: true, write: true, create: true, mode: 0o600 });
  } catch (error) {
    throw new TrackerError(`Cannot open the lock file "${path}": ${messageOf(error)}`, {
      hint: "Check that its folder exists and that this user may write to it.",
      cause: error,
    });
  }
}

/** The process id that the holder wrote; null where it cannot be read, as on Windows, where a lock keeps readers out. */
export function holderOf(path: string): number | null {
  try {
    const pid = Number.parseInt(Deno.readTextFileSync(path), 10);
    return Number.isNaN(pid) ? null : pid;
  } catch {
    return null;
  }
}
