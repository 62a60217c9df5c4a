import { TrackerError } from "../../domain/errors.ts";
import { formatBytes } from "../../domain/format.ts";
import { browserPid } from "../browser/profile.ts";
import { LOCKED_EXIT_CODE, lockHolder, takeExclusiveLock } from "../files/exclusive_lock.ts";
import { entriesIn, exists, ifThere } from "../files/files.ts";
import { databasePath } from "../sqlite/open.ts";
import { liveProcesses } from "./process_liveness.ts";
import type { DatabaseSync } from "node:sqlite";

/** All that this program makes in DATA_DIR. What else is there, such as .env and config.yaml, is the person's own. */
const OWN_ENTRIES = [
  "tracker.db",
  "tracker.db-wal",
  "tracker.db-shm",
  "account.key",
  "backups",
  "browsers",
  "demo",
  "demo.lock",
  "export",
  "locks",
  "logs",
  "monthly_usage_data",
  "restore.json",
  "restore.lock",
  "serve.lock",
] as const;

/** What restores leave behind, and what a process that was killed does: named by time, chance or process. */
const OWN_NAMES = /^(?:before-restore-.+|restoring-[0-9a-f-]{36}|display-\d+\.key|.+\.[0-9a-f-]{36}\.partial)$/;

/** Where things are kept. */
interface Places {
  readonly dataDir: string;
  readonly profileDir: string;
  /** The person's own folder; null where there is none. */
  readonly home: string | null;
  /** Further names in DATA_DIR that this program makes, such as the billing report's. */
  readonly furtherEntries: readonly string[];
}

/** Removes the browser profile, and with it the session. @throws TrackerError while a browser or a tracker uses it. */
export function forgetProfile(places: Places): string[] {
  refuseWhileWorking(places);
  return removeProfile(places);
}

/** Removes the raw captures and how failed pages looked, so that nothing of them is left in the file. */
export function forgetCaptures(places: Places, { open }: { open: () => DatabaseSync }): string[] {
  refuseWhileWorking(places);
  if (!exists(databasePath(places.dataDir))) return [];
  const db = open();
  try {
    const count = (table: string) => Number(db.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.["n"]);
    const [captures, pages] = [count("captures"), count("failed_pages")];
    db.exec("PRAGMA secure_delete = ON; DELETE FROM failed_pages; DELETE FROM captures");
    // No VACUUM: it attaches a second database, which the program may not. What was deleted is overwritten all the same.
    db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    const removed = [
      `Removed ${plural(captures, "raw capture")} and ${
        plural(pages, "picture")
      } of failed pages; the figures are kept.`,
    ];
    const backups = backupsIn(places.dataDir);
    if (backups > 0) {
      removed.push(`Kept ${plural(backups, "backup")} in DATA_DIR/backups, which may hold older captures.`);
    }
    return captures + pages === 0 ? [] : removed;
  } finally {
    db.close();
  }
}

/** Removes all that this program made, the profile included, and nothing else. */
export function forgetAll(places: Places): string[] {
  refuseWhileWorking(places);
  const { dataDir, furtherEntries } = places;
  // Taken so that no server starts meanwhile; a lock file that is made only now is nothing that was kept.
  const isLockNew = !exists(`${dataDir}/serve.lock`);
  const lock = !exists(dataDir) ? null : takeExclusiveLock(`${dataDir}/serve.lock`, { what: "forget all" });
  try {
    const removed = removeProfile(places);
    const named = namesIn(dataDir).filter((name) => OWN_NAMES.test(name));
    for (const name of [...OWN_ENTRIES, ...furtherEntries, ...named]) {
      const path = `${dataDir}/${name}`;
      const size = sizeOf(path);
      if (size === null) continue;
      Deno.removeSync(path, { recursive: true });
      if (name !== "serve.lock" || !isLockNew) removed.push(`Removed ${path} (${formatBytes(size)}).`);
    }
    const rest = namesIn(dataDir);
    if (rest.length > 0) removed.push(`Kept in ${dataDir}, as tracker did not make it: ${rest.join(", ")}.`);
    else if (exists(dataDir)) {
      Deno.removeSync(dataDir);
      removed.push(`Removed the empty folder ${dataDir}.`);
    }
    return removed;
  } finally {
    lock?.release();
  }
}

function removeProfile({ dataDir, profileDir, home }: Places): string[] {
  const size = sizeOf(profileDir);
  if (size === null) return [];
  const real = Deno.realPathSync(profileDir);
  const isOurs = exists(`${real}/.tracker.lock`);
  const holdsMore = [home, Deno.cwd(), realOf(dataDir)].some((folder) => folder !== null && isWithin(folder, real));
  if (!isOurs || holdsMore) {
    throw new TrackerError(`Cannot remove "${profileDir}" as it is no folder of a browser profile alone`, {
      hint: "Set USER_DATA_DIR to the profile's own folder, or remove what you want to remove by hand.",
    });
  }
  Deno.removeSync(real, { recursive: true });
  return [`Removed the browser profile ${real} (${formatBytes(size)}), and with it the session.`];
}

/** @throws TrackerError (exit code 15) that names who works. */
function refuseWhileWorking({ dataDir, profileDir }: Places): void {
  const server = lockHolder(`${dataDir}/serve.lock`);
  const scrape = lockHolder(`${profileDir}/.tracker.lock`);
  const browser = browserPid(profileDir);
  const [other = null] = liveProcesses(dataDir);
  const who = server !== null
    ? `the server (process ${server.pid ?? "unknown"})`
    : scrape !== null
    ? `a scrape or a login (process ${scrape.pid ?? "unknown"})`
    : browser !== null
    ? `a browser window (process ${browser})`
    : other !== null
    ? `another tracker command (process ${other})`
    : null;
  if (who === null) return;
  throw new TrackerError(`Cannot forget anything as ${who} works with it`, {
    hint: "Stop it or wait for its end, then try again.",
    exitCode: LOCKED_EXIT_CODE,
  });
}

/** Whether `inner` is `outer` or lies in it. */
function isWithin(inner: string, outer: string): boolean {
  return inner === outer || inner.startsWith(outer.endsWith("/") ? outer : `${outer}/`);
}

function realOf(path: string): string | null {
  return ifThere(() => Deno.realPathSync(path));
}

function backupsIn(dataDir: string): number {
  return namesIn(`${dataDir}/backups`).length;
}

function namesIn(folder: string): string[] {
  return entriesIn(folder).map(({ name }) => name);
}

/** Bytes of a file, or of all files in a folder; null where there is none. */
function sizeOf(path: string): number | null {
  const info = ifThere(() => Deno.lstatSync(path));
  if (info === null || !info.isDirectory) return info?.size ?? null;
  return entriesIn(path).reduce((sum, { name }) => sum + (sizeOf(`${path}/${name}`) ?? 0), 0);
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}
