import { CaptureFailed, isDiskFull } from "../../domain/capture/outcome.ts";
import type { BrowserSandbox } from "../../domain/config.ts";
import { messageOf } from "../../domain/errors.ts";
import { secretNames } from "../config/variable.ts";
import { allVariables } from "../config/variables.ts";
import { type ExclusiveLock, tryExclusiveLock } from "../files/exclusive_lock.ts";
import { isOutOfSpace, privateDir } from "../files/files.ts";
import { within } from "../system/timer.ts";
import { loadChromium } from "./playwright.ts";
import { browserPid, clearForeignMarks } from "./profile.ts";
import type { BrowserContext } from "playwright-core";

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
  /** Default "on". */
  readonly sandbox?: BrowserSandbox;
  /** The page gets its size from who looks at it, not from here. Default false. */
  readonly isSizedLater?: boolean;
  /** What Chromium's environment has besides this process's own, such as another display. */
  readonly env?: Readonly<Record<string, string>>;
  /** The User-Agent to send; the browser's own by default. */
  readonly userAgent?: string;
}

/**
 * Starts Chromium with the persistent profile.
 * @throws CaptureFailed: `locked` where another process uses the profile, `no_browser` where Chromium does not start.
 */
export async function launchBrowser({ profileDir, ...options }: LaunchOptions): Promise<OpenBrowser> {
  const lock = lockProfile(profileDir);
  const holderPid = browserPid(profileDir);
  if (lock === null || holderPid !== null) {
    lock?.release();
    const holder = lock === null ? "another tracker" : `a browser window (process ${holderPid})`;
    throw new CaptureFailed(`The browser profile "${profileDir}" is in use by ${holder}.`, { outcome: "locked" });
  }
  clearForeignMarks(profileDir);
  try {
    const context = await startContext(profileDir, options);
    const pid = browserPid(profileDir);
    return { context, close: () => closeBrowser(context, { pid, release: () => lock.release() }) };
  } catch (cause) {
    lock.release();
    if (isDiskFull(cause) || isOutOfSpace(profileDir)) throw diskFull(profileDir, cause);
    throw isWithoutSandbox(cause) ? noSandbox(cause) : new CaptureFailed(
      `Chromium did not start: ${firstLines(messageOf(cause))}`,
      {
        outcome: "no_browser",
        hint: `Run '${options.executablePath} --version' to see what it says, or set BROWSER_PATH to another browser.`,
        cause,
      },
    );
  }
}

/** Starts it; once more without a sandbox where it may go without, and cannot make one. */
async function startContext(profileDir: string, options: Omit<LaunchOptions, "profileDir">): Promise<BrowserContext> {
  const chromium = await loadChromium();
  const start = (sandbox: BrowserSandbox) =>
    chromium.launchPersistentContext(profileDir, contextOptions({ ...options, sandbox }));
  const { sandbox = "on" } = options;
  try {
    return await start(sandbox);
  } catch (error) {
    if (sandbox !== "auto" || !isWithoutSandbox(error)) throw error;
    return await start("off");
  }
}

function isWithoutSandbox(error: unknown): boolean {
  return /No usable sandbox/i.test(messageOf(error));
}

function noSandbox(cause: unknown): CaptureFailed {
  return new CaptureFailed("Chromium did not start: this system does not let it make its sandbox.", {
    outcome: "no_browser",
    hint:
      "Allow user namespaces to this user (in a container: see container/seccomp.json), or set BROWSER_SANDBOX=auto.",
    cause,
  });
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
export function contextOptions(
  { executablePath, headless, sandbox = "on", isSizedLater = false, env = {}, userAgent }: Omit<
    LaunchOptions,
    "profileDir"
  >,
) {
  const isRoot = Deno.build.os !== "windows" && Deno.uid() === 0;
  return {
    executablePath,
    headless,
    chromiumSandbox: !isRoot && sandbox !== "off",
    args: headless ? [...ARGS, "--disable-gpu"] : ARGS,
    locale: "en-US",
    // A person can size the window; without one the page has the size of a usual screen.
    viewport: headless && !isSizedLater ? { width: 1280, height: 800 } : null,
    env: { ...withoutSecrets(Deno.env.toObject()), ...env },
    ...(userAgent === undefined ? {} : { userAgent }),
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
  const isClosed = await within(CLOSE_TIMEOUT_MS, context.close().then(() => true, () => false));
  if (isClosed !== true && pid !== null) killQuietly(pid);
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
  const secrets = new Set(secretNames(allVariables()));
  return Object.fromEntries(Object.entries(env).filter(([name]) => !secrets.has(name)));
}

function firstLines(text: string): string {
  // deno-lint-ignore no-control-regex -- Playwright colours its messages
  return text.replace(/\u001b\[\d+m/g, "").split("\n").filter((line) => line.trim() !== "").slice(0, 2).join(" ");
}
