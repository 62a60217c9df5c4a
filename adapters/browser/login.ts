import { untilAborted } from "../../domain/abort.ts";
import { MAX_PAYLOAD_BYTES, type RawPayload } from "../../domain/capture/capture.ts";
import { CaptureFailed } from "../../domain/capture/outcome.ts";
import type { Clock } from "../../domain/clock.ts";
import { TrackerError } from "../../domain/errors.ts";
import { PayloadReader } from "../../domain/readers/read_capture.ts";
import { sleep } from "../system/timer.ts";
import { isChallengePage } from "./capture.ts";
import { askInPage, hasLoginForm, IN_PAGE_CALLS, isOwnHost, type PageAnswer, readHtml } from "./in_page.ts";
import { launchBrowser, type LaunchOptions, type OpenBrowser } from "./launch.ts";
import { pageReader } from "./page_reader.ts";
import type { BrowserContext, Page } from "playwright-core";

const DEFAULT_LIMIT_MS = 15 * 60_000;
/** A scrape that holds the profile is over by then. */
const DEFAULT_LOCK_WAIT_MS = 100_000;
const LOCK_LOOK_MS = 1_000;

/** How a login ended. */
export type OnboardEnd = "logged_in" | "window_closed" | "time_out" | "idle";

/** What a login needs to know. */
interface OnboardOptions {
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
      await sleep(LOCK_LOOK_MS, signal);
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

/** How often the pages are looked at. */
const LOOK_MS = 1_000;
/** How often a page that did not arrive is loaded again. */
const RELOAD_MS = 10_000;
/** So many looks in a row at a session without a known table: then the first scrape tells more than waiting does. */
const LOOKS_AT_UNKNOWN = 8;

/** What the watch needs to know. */
interface LoginWatchOptions {
  readonly usageUrl: URL;
  readonly clock: Clock;
  /** Told what is seen, whenever it is something new. */
  readonly say: (text: string) => void;
  readonly signal: AbortSignal;
}

/** Waits until the usage data can be read in one of the pages. Answers false where `signal` came first. */
async function watchLogin(context: BrowserContext, options: LoginWatchOptions): Promise<boolean> {
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
    await sleep(LOOK_MS, signal);
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

/** Where a login stands, as one look at a page tells. */
export type LoginSight =
  /** Nothing can be told yet: the page goes on to another one. */
  | { readonly state: "loading" }
  /** The page did not arrive. */
  | { readonly state: "unreachable" }
  /** Another site's page, such as that of a Google or GitHub login. */
  | { readonly state: "elsewhere"; readonly host: string }
  | { readonly state: "challenged" }
  | { readonly state: "login_form" }
  /** The site's own page, whose usage data is refused or does not come. */
  | { readonly state: "no_data"; readonly status: number }
  /** A session: the site answers, but with nothing that this version can read. */
  | { readonly state: "accepted" }
  /** A session, and the usage table with so many models. */
  | { readonly state: "readable"; readonly models: number };

/** Looks at the page once. Nothing that was typed into it is read. Never throws: a page may go away meanwhile. */
export async function lookAtLogin(
  page: Page,
  { usageUrl, clock }: { usageUrl: URL; clock: Clock },
): Promise<LoginSight> {
  try {
    const url = page.url();
    if (url.startsWith("chrome-error:")) return { state: "unreachable" };
    if (!/^https?:/.test(url)) return { state: "loading" };
    if (isChallengePage(await page.title())) return { state: "challenged" };
    if (!isOwnHost(url, usageUrl)) return { state: "elsewhere", host: new URL(url).host };
    if (await hasLoginForm(page)) return { state: "login_form" };
    return await lookAtData(page, clock);
  } catch {
    return { state: "loading" }; // it went on to another page, or was closed, while it was looked at
  }
}

async function lookAtData(page: Page, clock: Clock): Promise<LoginSight> {
  const answers = await askInPage(page, { calls: IN_PAGE_CALLS, maxChars: MAX_PAYLOAD_BYTES });
  const json = answers.filter(isJson).map(payloadOf);
  const reader = new PayloadReader({ pages: pageReader });
  const modelsIn = (payloads: readonly RawPayload[]) => reader.read(payloads, clock.now()).usage?.rows.length ?? null;
  const models = modelsIn(json);
  if (models !== null) return { state: "readable", models };
  const html = await readHtml(page, MAX_PAYLOAD_BYTES);
  const inPage = html === null ? null : modelsIn([...json, htmlOf(page.url(), html)]);
  if (inPage !== null) return { state: "readable", models: inPage };
  if (json.some(({ status }) => status < 300)) return { state: "accepted" };
  return { state: "no_data", status: answers.map(({ status }) => status).find((status) => status >= 300) ?? 0 };
}

/** A page in the place of the data, such as a login that was redirected to, is no answer. */
function isJson({ contentType }: PageAnswer): boolean {
  return /^application\/(?:[\w.-]+\+)?json\b/i.test(contentType);
}

function payloadOf({ url, status, contentType, body }: PageAnswer): RawPayload {
  const call = IN_PAGE_CALLS.find(({ path }) => new URL(url).pathname === path);
  return {
    kind: "network_json",
    url,
    method: call?.method ?? "GET",
    status,
    requestBody: call?.body ?? null,
    contentType,
    body,
  };
}

function htmlOf(url: string, body: string): RawPayload {
  return { kind: "html", url, method: "GET", status: 200, requestBody: null, contentType: "text/html", body };
}

/** The sight in a sentence, for the person who logs in; null where there is nothing to say. */
export function sentenceOf(sight: LoginSight): string | null {
  switch (sight.state) {
    case "loading":
      return null;
    case "unreachable":
      return "The usage page cannot be reached; trying again.";
    case "elsewhere":
      return `The login goes on at ${sight.host}.`;
    case "challenged":
      return "The site checks whether a person is there; pass its check if it asks for one.";
    case "login_form":
      return "Cursor asks for a login.";
    case "no_data":
      return sight.status === 0
        ? "Cursor's page is open, but its usage data does not come yet."
        : `Cursor's page is open, but its usage data is not given out yet (HTTP status ${sight.status}).`;
    case "accepted":
      return "Cursor answers this login, but the usage table has not been seen yet.";
    case "readable":
      return `The usage data can be read: ${sight.models} model${sight.models === 1 ? "" : "s"}.`;
  }
}

/** @throws TrackerError where this machine has no screen to open a window on. */
export function requireScreen(env: Readonly<Record<string, string | undefined>>, os: string = Deno.build.os): void {
  const hasScreen = os !== "linux" || (env["DISPLAY"] ?? "") !== "" || (env["WAYLAND_DISPLAY"] ?? "") !== "";
  if (hasScreen) return;
  throw new TrackerError("Cannot open a browser window as this machine has no screen (DISPLAY is not set)", {
    hint: "Run 'tracker onboard --remote': it shows the browser on a page that you open on another device.",
    exitCode: 2,
  });
}
