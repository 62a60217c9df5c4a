import { launchBrowser } from "../../adapters/browser/launch.ts";
import { type CursorSim, type CursorSimOptions, startCursorSim } from "../../fixtures/cursor_sim/server.ts";
import { PERMISSIONS } from "../../tools/permissions.ts";
import { BROWSER_PATH } from "../browser.ts";
import { cpSync } from "node:fs";
import { DatabaseSync, type SQLOutputValue } from "node:sqlite";

/** Saturday evening in the middle of a cycle that began on the 10th. */
export const NOW = Temporal.Instant.from("2026-11-21T20:00:00Z");

/** What a command printed and how it ended. */
export interface Ended {
  readonly code: number;
  readonly signal: Deno.Signal | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The real program in an empty folder of its own, with nothing in its environment but what is given. */
export interface Tracker {
  readonly dir: string;
  readonly dataDir: string;
  readonly profileDir: string;
  readonly env: Record<string, string>;
  run(...args: string[]): Promise<Ended>;
  /** Starts a command that goes on; the caller ends it. */
  spawn(...args: string[]): Deno.ChildProcess;
}

const ROOT = new URL("../..", import.meta.url).pathname;

/** `deno run main.ts` with the rights of the binary, or the compiled binary where TRACKER_BINARY names one. */
function program(): { command: string; first: string[] } {
  const binary = Deno.env.get("TRACKER_BINARY");
  if (binary !== undefined) return { command: binary, first: [] };
  return { command: Deno.execPath(), first: ["run", ...PERMISSIONS, "--no-prompt", "--quiet", `${ROOT}main.ts`] };
}

/** Runs `use` with the program in a new folder, which is removed afterwards. */
export async function withTracker(
  env: Record<string, string>,
  use: (tracker: Tracker) => Promise<void>,
): Promise<void> {
  const dir = await Deno.makeTempDir({ prefix: "tracker-e2e-" });
  const { command, first } = program();
  const base: Record<string, string> = { PATH: "/usr/bin:/bin", HOME: dir, BROWSER_PATH, ...env };
  const denoDir = Deno.env.get("DENO_DIR") ?? `${Deno.env.get("HOME") ?? "/root"}/.cache/deno`;
  const spawn = (...args: string[]) =>
    new Deno.Command(command, {
      args: [...first, ...args],
      cwd: dir,
      clearEnv: true,
      env: { ...base, ...(first.length > 0 ? { DENO_DIR: denoDir } : {}) },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
  try {
    await use({
      dir,
      dataDir: `${dir}/data`,
      profileDir: `${dir}/profile`,
      env: base,
      spawn,
      async run(...args) {
        const { code, signal, stdout, stderr } = await spawn(...args).output();
        return { code, signal, stdout: new TextDecoder().decode(stdout), stderr: new TextDecoder().decode(stderr) };
      },
    });
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

/** What the program's database answers. */
export function query({ dataDir }: Pick<Tracker, "dataDir">, sql: string): Record<string, SQLOutputValue>[] {
  using db = new DatabaseSync(`${dataDir}/tracker.db`, { readOnly: true, timeout: 10_000 });
  return db.prepare(sql).all();
}

/** How many rows it has there: a table, with a condition where one follows. */
export function countIn(tracker: Pick<Tracker, "dataDir">, table: string): number {
  return Number(query(tracker, `SELECT count(*) AS n FROM ${table}`)[0]?.["n"]);
}

/** A clock that a test moves. */
export class TestClock {
  at: Temporal.Instant = NOW;
  now(): Temporal.Instant {
    return this.at;
  }
}

/** The program, and a simulated site that its profile is logged in to. */
export interface LoggedIn {
  readonly tracker: Tracker;
  readonly sim: CursorSim;
  readonly clock: TestClock;
}

/** The session that every simulated site of these tests accepts. */
const SESSION = "user_01SIMULATED::the-session-of-the-end-to-end-tests";
let profileWithSession: Promise<string> | null = null;

/** Puts the session's cookie into the profile, as a login leaves it there; the login itself is tested by the demo. */
async function giveSession(profileDir: string, sim: CursorSim): Promise<void> {
  const cookie = sim.issueSession(SESSION);
  // Made once for all tests of a file: a cookie is the host's, whatever the port, and the start of a browser is slow.
  profileWithSession ??= makeProfile({ ...cookie, url: sim.origin });
  cpSync(await profileWithSession, profileDir, { recursive: true });
}

async function makeProfile(cookie: { name: string; value: string; url: string }): Promise<string> {
  const profileDir = await Deno.makeTempDir({ prefix: "tracker-e2e-profile-" });
  globalThis.addEventListener("unload", () => Deno.removeSync(profileDir, { recursive: true }));
  const browser = await launchBrowser({ executablePath: BROWSER_PATH, profileDir, headless: true });
  try {
    const expires = Temporal.Now.instant().add({ hours: 24 }).epochMilliseconds / 1000;
    await browser.context.addCookies([{ ...cookie, httpOnly: true, sameSite: "Lax" as const, expires }]);
  } finally {
    await browser.close();
  }
  return profileDir;
}

/** Runs `use` with a simulated site and a program whose profile has a session there. */
export async function withLoggedIn(
  options: Partial<CursorSimOptions> & { env?: Record<string, string> },
  use: (parts: LoggedIn) => Promise<void>,
): Promise<void> {
  const { env = {}, ...settings } = options;
  const clock = new TestClock();
  const sim = startCursorSim({ seed: 7, clock, ...settings });
  try {
    await withTracker({ CURSOR_USAGE_URL: sim.usageUrl, ...env }, async (tracker) => {
      await giveSession(tracker.profileDir, sim);
      await use({ tracker, sim, clock });
    });
  } finally {
    await sim.stop();
  }
}

/** Waits until the condition holds, and looks again whenever the event loop comes round. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!await holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** Processes whose command line names the folder: Chromium's are started with their profile. */
export function processesOf(folder: string): number[] {
  const found: number[] = [];
  for (const { name } of Deno.readDirSync("/proc")) {
    if (!/^\d+$/.test(name) || Number(name) === Deno.pid) continue;
    try {
      if (Deno.readTextFileSync(`/proc/${name}/cmdline`).includes(folder)) found.push(Number(name));
    } catch {
      // It ended while it was looked at.
    }
  }
  return found;
}
