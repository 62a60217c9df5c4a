import type { BrowserContext, Page } from "playwright-core";
import { CaptureFailed } from "../../domain/capture_failed.ts";
import type { Clock } from "../../domain/ports.ts";
import { launchBrowser, type LaunchOptions, type OpenBrowser } from "./launch.ts";
import { pause, watchLogin } from "./login_watch.ts";

const DEFAULT_LIMIT_MS = 15 * 60_000;
/** A scrape that holds the profile is over by then. */
const DEFAULT_LOCK_WAIT_MS = 100_000;
const LOCK_LOOK_MS = 1_000;

/** How a login ended. */
export type OnboardEnd = "logged_in" | "window_closed" | "time_out" | "idle";

/** What a login needs to know. */
export interface OnboardOptions {
  readonly usageUrl: URL;
  readonly clock: Clock;
  /** The browser, and how it is shown. */
  readonly launch: LaunchOptions;
  readonly say: (text: string) => void;
  readonly signal: AbortSignal;
  readonly limitMs?: number;
  /** How long a profile that is in use is waited for. */
  readonly lockWaitMs?: number;
  /** Told once the browser is open, before it goes to the usage page. */
  readonly onOpen?: (context: BrowserContext) => Promise<void> | void;
  /** Told once the usage page has been gone to. */
  readonly onPage?: (page: Page) => void;
  /** Aborted when nobody is there any more. */
  readonly idle?: AbortSignal;
}

/**
 * Opens the usage page in a browser with the persistent profile and waits until the usage data can be read there: then the
 * person has logged in. Nothing that is typed is looked at.
 * @throws CaptureFailed where the browser does not start or the profile stays in use.
 */
export async function onboard(options: OnboardOptions): Promise<OnboardEnd> {
  const { usageUrl, clock, say, signal, limitMs = DEFAULT_LIMIT_MS, idle } = options;
  const browser = await launchWhenFree(options);
  const closed = new AbortController();
  const limit = AbortSignal.timeout(limitMs);
  const ended = AbortSignal.any([signal, closed.signal, limit, ...idle === undefined ? [] : [idle]]);
  try {
    endWithLastPage(browser.context, closed);
    await options.onOpen?.(browser.context);
    const page = browser.context.pages()[0] ?? await browser.context.newPage();
    const going = page.goto(usageUrl.href, { waitUntil: "domcontentloaded" }).catch(() => undefined);
    // A page that never finishes does not hold up the end; how it arrived is looked at anyway.
    await Promise.race([going, untilAborted(ended)]);
    options.onPage?.(page);
    if (await watchLogin(browser.context, { usageUrl, clock, say, signal: ended })) return "logged_in";
    signal.throwIfAborted();
    if (closed.signal.aborted) return "window_closed";
    return idle?.aborted === true ? "idle" : "time_out";
  } finally {
    await browser.close();
  }
}

/** The profile may be held by a scrape: that passes. */
async function launchWhenFree(
  { launch, say, signal, lockWaitMs = DEFAULT_LOCK_WAIT_MS }: OnboardOptions,
): Promise<OpenBrowser> {
  for (let waitedMs = 0;; waitedMs += LOCK_LOOK_MS) {
    signal.throwIfAborted();
    try {
      return await launchBrowser(launch);
    } catch (error) {
      if (!(error instanceof CaptureFailed) || error.outcome !== "locked" || waitedMs >= lockWaitMs) throw error;
      if (waitedMs === 0) say(`${error.message} Waiting for it…`);
      await pause(LOCK_LOOK_MS, signal);
    }
  }
}

/** The window counts as closed with its last page: some systems keep a browser without a window running. */
function endWithLastPage(context: BrowserContext, closed: AbortController): void {
  const watch = (page: Page) =>
    void page.once("close", () => {
      if (context.pages().length === 0) closed.abort();
    });
  context.pages().forEach(watch);
  context.on("page", watch);
  context.once("close", () => closed.abort());
}

function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
