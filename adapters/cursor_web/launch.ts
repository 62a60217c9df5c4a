import type { BrowserContext } from "playwright-core";
import { CaptureFailed } from "../../domain/capture_failed.ts";
import { messageOf } from "../../domain/errors.ts";
import { isDiskFull } from "../../domain/disk_full.ts";
import { isOutOfSpace } from "../free_space.ts";
import { type ExclusiveLock, tryExclusiveLock } from "../exclusive_lock.ts";
import { SECRET_NAMES } from "../config/variables.ts";
import { privateDir } from "../data_dir.ts";
import { loadChromium } from "./playwright.ts";
import { browserPid, clearForeignMarks } from "./profile_holder.ts";

/** Chromium without the calls home that it makes for its maker's services, and without QUIC, which proxies break. */
const ARGS = [
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-quic",
  "--disable-sync",
  "--no-default-browser-check",
  "--no-first-run",
];
const LAUNCH_TIMEOUT_MS = 30_000;
const CLOSE_TIMEOUT_MS = 5_000;

/** A Chromium with the person's profile, held by this process alone. */
export interface OpenBrowser {
  readonly context: BrowserContext;
  /** Closes the browser, by force where it does not close in time, and lets go of the profile. Never throws. */
  close(): Promise<void>;
}

/** How the browser is started. */
export interface LaunchOptions {
  readonly executablePath: string;
  /** USER_DATA_DIR: Chromium's profile, with the session in it. */
  readonly profileDir: string;
  readonly headless: boolean;
}

/**
 * Starts Chromium with the persistent profile.
 * @throws CaptureFailed: `locked` where another process uses the profile, `no_browser` where Chromium does not start.
 */
export async function launchBrowser({ executablePath, profileDir, headless }: LaunchOptions): Promise<OpenBrowser> {
  const lock = lockProfile(profileDir);
  const holderPid = browserPid(profileDir);
  if (lock === null || holderPid !== null) {
    lock?.release();
    const holder = lock === null ? "another tracker" : `a browser window (process ${holderPid})`;
    throw new CaptureFailed(`The browser profile "${profileDir}" is in use by ${holder}.`, { outcome: "locked" });
  }
  clearForeignMarks(profileDir);
  try {
    const chromium = await loadChromium();
    const context = await chromium.launchPersistentContext(profileDir, contextOptions({ executablePath, headless }));
    const pid = browserPid(profileDir);
    return { context, close: () => closeBrowser(context, { pid, release: () => lock.release() }) };
  } catch (cause) {
    lock.release();
    if (isDiskFull(cause) || isOutOfSpace(profileDir)) throw diskFull(profileDir, cause);
    throw new CaptureFailed(`Chromium did not start: ${firstLines(messageOf(cause))}`, {
      outcome: "no_browser",
      hint: `Run '${executablePath} --version' to see what it says, or set BROWSER_PATH to another browser.`,
      cause,
    });
  }
}

function lockProfile(profileDir: string): ExclusiveLock | null {
  try {
    privateDir(profileDir);
    return tryExclusiveLock(`${profileDir}/.tracker.lock`);
  } catch (error) {
    throw isDiskFull(error) ? diskFull(profileDir, error) : error;
  }
}

function diskFull(profileDir: string, cause: unknown): CaptureFailed {
  const message = `The browser cannot work as the disk that holds its profile "${profileDir}" is full.`;
  return new CaptureFailed(message, { outcome: "disk_full", cause });
}

/** What Playwright starts Chromium with. */
export function contextOptions({ executablePath, headless }: Pick<LaunchOptions, "executablePath" | "headless">) {
  const isRoot = Deno.build.os !== "windows" && Deno.uid() === 0;
  return {
    executablePath,
    headless,
    chromiumSandbox: !isRoot,
    args: headless ? [...ARGS, "--disable-gpu"] : ARGS,
    locale: "en-US",
    // A person can size the window; without one the page has the size of a usual screen.
    viewport: headless ? { width: 1280, height: 800 } : null,
    env: withoutSecrets(Deno.env.toObject()),
    timeout: LAUNCH_TIMEOUT_MS,
    // This process ends its browsers itself, so that a capture keeps what it saw.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    serviceWorkers: "block",
    acceptDownloads: false,
  } as const;
}

async function closeBrowser(
  context: BrowserContext,
  { pid, release }: { pid: number | null; release: () => void },
): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<"late">((resolve) => timer = setTimeout(() => resolve("late"), CLOSE_TIMEOUT_MS));
  const closed = context.close().then(() => "closed" as const, () => "late" as const);
  if (await Promise.race([closed, late]) === "late" && pid !== null) killQuietly(pid);
  clearTimeout(timer);
  release();
}

function killQuietly(pid: number): void {
  try {
    Deno.kill(pid, "SIGKILL");
  } catch {
    // It ended by itself in the meantime.
  }
}

/** The browser has no use for passwords and keys. */
function withoutSecrets(env: Readonly<Record<string, string>>): Record<string, string> {
  const secrets = new Set<string>(SECRET_NAMES);
  return Object.fromEntries(Object.entries(env).filter(([name]) => !secrets.has(name)));
}

function firstLines(text: string): string {
  // deno-lint-ignore no-control-regex -- Playwright colours its messages
  return text.replace(/\u001b\[\d+m/g, "").split("\n").filter((line) => line.trim() !== "").slice(0, 2).join(" ");
}
