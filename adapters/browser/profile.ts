import { removeIfThere } from "../files/files.ts";

/** Chromium's own marks of use, in its profile. */
const MARKS = ["SingletonLock", "SingletonSocket", "SingletonCookie"] as const;

/** Who Chromium's lock says that the profile belongs to. */
interface Holder {
  readonly host: string;
  readonly pid: number;
}

/** The process of the browser that uses the profile on this machine, as Chromium's lock tells; null where none does. */
export function browserPid(profileDir: string): number | null {
  const holder = holderOf(profileDir);
  return holder !== null && holder.host === Deno.hostname() && isBrowser(holder.pid, profileDir) ? holder.pid : null;
}

/**
 * Removes the marks that a killed browser of another host left behind: Chromium would refuse the profile for ever. A
 * container gets a new host name each time that it is made anew. To be called by who holds the profile's own lock.
 */
export function clearForeignMarks(profileDir: string): void {
  const holder = holderOf(profileDir);
  if (holder === null || holder.host === Deno.hostname()) return;
  for (const mark of MARKS) removeIfThere(`${profileDir}/${mark}`);
}

function holderOf(profileDir: string): Holder | null {
  try {
    const [, host, pid] = /^(.*)-(\d+)$/.exec(Deno.readLinkSync(`${profileDir}/SingletonLock`)) ?? [];
    return host === undefined || pid === undefined ? null : { host, pid: Number(pid) };
  } catch {
    return null; // no lock, or a system where Chromium locks otherwise
  }
}

/** Whether the process runs and may be the browser: process ids are soon used again, in a container above all. */
function isBrowser(pid: number, profileDir: string): boolean {
  if (!isRunning(pid)) return false;
  const words = commandLineOf(pid);
  return words === null || words.some((word) => word === `--user-data-dir=${profileDir}`) ||
    /chrom|edge/i.test(words[0] ?? "");
}

function isRunning(pid: number): boolean {
  try {
    Deno.kill(pid, "SIGCONT");
    return true;
  } catch (error) {
    return error instanceof Deno.errors.PermissionDenied;
  }
}

/** The words that the process was started with; null where the system does not tell. */
function commandLineOf(pid: number): string[] | null {
  if (Deno.build.os !== "linux") return null;
  // Deno itself reads nothing below /proc without every permission.
  const { success, stdout } = new Deno.Command("cat", { args: [`/proc/${pid}/cmdline`], stderr: "null" }).outputSync();
  return success ? new TextDecoder().decode(stdout).split("\0") : null;
}
