import type { Page } from "playwright-core";
import { TrackerError } from "../../domain/errors.ts";
import { callInPage, hasLoginForm } from "./in_page.ts";
import { launchBrowser } from "./launch.ts";
import { IN_PAGE_CALLS, isOwnHost } from "./site_urls.ts";

/** How often the window is looked at. */
const LOOK_MS = 1_000;
const DEFAULT_LIMIT_MS = 15 * 60_000;

/** How a login ended. */
export type OnboardEnd = "logged_in" | "window_closed" | "time_out";

/** What a login needs to know. */
export interface OnboardOptions {
  readonly usageUrl: URL;
  readonly profileDir: string;
  readonly executablePath: string;
  readonly say: (text: string) => void;
  readonly signal: AbortSignal;
  readonly limitMs?: number;
  /** A window that a person can see. Default true. */
  readonly headed?: boolean;
  /** Told once the page is open. */
  readonly onPage?: (page: Page) => void;
}

/**
 * Opens the usage page in a window with the persistent profile and waits until the site answers its usage data there: then
 * the person has logged in. Nothing that is typed is looked at.
 * @throws CaptureFailed where the browser does not start or the profile is in use.
 */
export async function onboard(options: OnboardOptions): Promise<OnboardEnd> {
  const { usageUrl, profileDir, executablePath, say, signal, limitMs = DEFAULT_LIMIT_MS, headed = true } = options;
  const browser = await launchBrowser({ executablePath, profileDir, headless: !headed });
  const closed = new AbortController();
  browser.context.once("close", () => closed.abort());
  const limit = AbortSignal.timeout(limitMs);
  const ended = AbortSignal.any([signal, closed.signal, limit]);
  try {
    const page = browser.context.pages()[0] ?? await browser.context.newPage();
    page.once("close", () => closed.abort());
    await page.goto(usageUrl.href, { waitUntil: "domcontentloaded" }).catch(() => undefined);
    options.onPage?.(page);
    say("A browser window is open. Log in to Cursor there; this command goes on by itself.");
    while (!ended.aborted) {
      if (await isLoggedIn(page, usageUrl)) return "logged_in";
      await pause(LOOK_MS, ended);
    }
    signal.throwIfAborted();
    return closed.signal.aborted ? "window_closed" : "time_out";
  } finally {
    await browser.close();
  }
}

/** @throws TrackerError where this machine has no screen to open a window on. */
export function requireScreen(env: Readonly<Record<string, string | undefined>>, os: string = Deno.build.os): void {
  const hasScreen = os !== "linux" || (env["DISPLAY"] ?? "") !== "" || (env["WAYLAND_DISPLAY"] ?? "") !== "";
  if (hasScreen) return;
  throw new TrackerError("Cannot open a browser window as this machine has no screen (DISPLAY is not set)", {
    hint: "Run 'tracker onboard' on a machine with a screen and copy its USER_DATA_DIR here, or use 'ssh -X'.",
    exitCode: 2,
  });
}

/** The site answers a call for usage data, made inside the page: only with a session it does. */
async function isLoggedIn(page: Page, usageUrl: URL): Promise<boolean> {
  try {
    if (!isOwnHost(page.url(), usageUrl) || await hasLoginForm(page)) return false;
    const statuses = await callInPage(page, IN_PAGE_CALLS);
    return statuses.some((status) => status >= 200 && status < 300);
  } catch {
    return false; // the page went on to another one meanwhile, or the window was closed
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener("abort", end, { once: true });
  });
}
