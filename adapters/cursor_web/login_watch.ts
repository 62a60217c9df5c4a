import type { BrowserContext, Page } from "playwright-core";
import type { Clock } from "../../domain/ports.ts";
import { type LoginSight, lookAtLogin, sentenceOf } from "./login_sight.ts";

/** How often the pages are looked at. */
const LOOK_MS = 1_000;
/** How often a page that did not arrive is loaded again. */
const RELOAD_MS = 10_000;
/** So many looks in a row at a session without a known table: then the first scrape tells more than waiting does. */
const LOOKS_AT_UNKNOWN = 8;

/** What the watch needs to know. */
export interface LoginWatchOptions {
  readonly usageUrl: URL;
  readonly clock: Clock;
  /** Told what is seen, whenever it is something new. */
  readonly say: (text: string) => void;
  readonly signal: AbortSignal;
}

/** Waits until the usage data can be read in one of the pages. Answers false where `signal` came first. */
export async function watchLogin(context: BrowserContext, options: LoginWatchOptions): Promise<boolean> {
  const { usageUrl, say, signal } = options;
  let said: string | null = null;
  let unknownLooks = 0;
  let looksToReload = RELOAD_MS / LOOK_MS;
  while (!signal.aborted) {
    const { sight, page } = await bestSight(context, options);
    if (signal.aborted) return false;
    const sentence = sentenceOf(sight);
    if (sentence !== null && sentence !== said) say(said = sentence);
    if (sight.state === "readable") return true;
    unknownLooks = sight.state === "accepted" ? unknownLooks + 1 : 0;
    if (unknownLooks >= LOOKS_AT_UNKNOWN) return true;
    if (sight.state === "unreachable" && --looksToReload <= 0) {
      looksToReload = RELOAD_MS / LOOK_MS;
      await page?.goto(usageUrl.href, { waitUntil: "commit" }).catch(() => undefined); // the next look says how it went
    }
    await pause(LOOK_MS, signal);
  }
  return false;
}

/** A login may happen in any of the pages: the one that has come furthest counts, else the newest. */
async function bestSight(
  context: BrowserContext,
  options: LoginWatchOptions,
): Promise<{ sight: LoginSight; page: Page | null }> {
  const pages = context.pages().toReversed();
  const sights = await Promise.all(pages.map(async (page) => ({ page, sight: await lookAtLogin(page, options) })));
  const best = sights.find(({ sight }) => sight.state === "readable") ??
    sights.find(({ sight }) => sight.state === "accepted") ?? sights[0];
  return best ?? { sight: { state: "loading" }, page: null };
}

/** Waits, or less where `signal` comes first. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
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
