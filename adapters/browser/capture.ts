import { unlessAborted } from "../../domain/abort.ts";
import {
  type Capture,
  type Evidence,
  type FailedPage,
  MAX_PAYLOAD_BYTES,
  type RawPayload,
  type UsageSite,
} from "../../domain/capture/capture.ts";
import { NO_WHOLE_JSON } from "../../domain/capture/outcome.ts";
import type { Usage } from "../../domain/capture/usage.ts";
import type { Clock } from "../../domain/clock.ts";
import type { BrowserSandbox } from "../../domain/config.ts";
import { messageOf } from "../../domain/errors.ts";
import { formatBytes } from "../../domain/format.ts";
import { PayloadReader } from "../../domain/readers/read_capture.ts";
import { maskEmails, redactSecrets } from "../../domain/redact.ts";
import { until } from "../system/timer.ts";
import { photograph } from "./failed_page.ts";
import { callInPage, endpointOf, hasLoginForm, IN_PAGE_CALLS, readHtml } from "./in_page.ts";
import { launchBrowser, type LaunchOptions } from "./launch.ts";
import { pageReader } from "./page_reader.ts";
import { Recorder } from "./recorder.ts";
import { cookieSigns, sessionSign } from "./session_sign.ts";
import type { Page } from "playwright-core";

/** How long the page may take to bring its own data, once it stands, before the site is asked in its place. */
const SETTLE_MS = 8_000;
/** How long the answers' bodies may take to be read, once the answers are there. */
const READ_MS = 10_000;
/** How long nothing may arrive before the page counts as settled. */
const QUIET_MS = 1_000;
/** The bot check lets a real browser pass by itself; this long it is given. */
const CHALLENGE_MS = 8_000;
/** How long a table may take to be drawn where the JSON brought no rows, and where the site refused the page's calls. */
const TABLE_MS = 10_000;
const REFUSED_TABLE_MS = 1_000;

/** What a capture needs to know. */
export interface CaptureOptions {
  readonly usageUrl: URL;
  readonly profileDir: string;
  /** Looked up at each capture: a browser may be installed, updated or removed meanwhile. */
  readonly findBrowser: () => Promise<string>;
  readonly clock: Clock;
  /** The whole capture, from the browser's start: 90,000 by default. */
  readonly timeoutMs?: number;
  readonly headless?: boolean;
  /** Default "on". */
  readonly sandbox?: BrowserSandbox;
  /** How an account is kept, by its e-mail address. Default: not at all. */
  readonly accountOf?: (email: string) => string | null;
}

/** The usage page, seen by a Chromium with the person's profile. */
export function cursorSite(options: CaptureOptions): UsageSite {
  return { capture: ({ signal }) => capture(options, signal) };
}

async function capture(options: CaptureOptions, signal: AbortSignal): Promise<Capture> {
  const { usageUrl, profileDir, clock, timeoutMs = 90_000, headless = true, sandbox = "on", accountOf = () => null } =
    options;
  signal.throwIfAborted();
  const startedAt = clock.now();
  const deadline = AbortSignal.timeout(timeoutMs);
  const launch: LaunchOptions = { executablePath: await options.findBrowser(), profileDir, headless, sandbox };
  const browser = await launchBrowser(launch);
  const seen = new Sighting({ usageUrl, clock, accountOf });
  const ended = AbortSignal.any([signal, deadline]);
  const crash = new AbortController();
  const noteCrash = () => crash.abort();
  try {
    browser.context.once("close", noteCrash);
    const page = browser.context.pages()[0] ?? await browser.context.newPage();
    page.once("crash", noteCrash);
    await seen.lookUntil(page, { signal: ended, gone: AbortSignal.any([signal, crash.signal]) });
  } catch (error) {
    if (!ended.aborted && !crash.signal.aborted) seen.problems.push(firstLine(messageOf(error)));
  } finally {
    browser.context.off("close", noteCrash);
    await browser.close();
    await seen.settled();
  }
  signal.throwIfAborted();
  const hasCrashed = crash.signal.aborted || (!deadline.aborted && seen.problems.some(isCrash));
  return seen.result({ timedOut: deadline.aborted, hasCrashed, durationMs: since(startedAt, clock) });
}

/** One look at the usage page: goes there, waits for the data, asks for what is missing, reads the table if it must. */
class Sighting {
  readonly problems: string[] = [];
  readonly #usageUrl: URL;
  readonly #clock: Clock;
  readonly #accountOf: (email: string) => string | null;
  #recorder: Recorder | null = null;
  #html: RawPayload | null = null;
  #title: string | null = null;
  #finalUrl: string | null = null;
  #hasLoginForm = false;
  #looking: Promise<void> = Promise.resolve();
  #failedPage: FailedPage | null = null;
  #expiresAt: Temporal.Instant | null = null;
  readonly #secrets = new Set<string>();
  readonly #reader = new PayloadReader({
    pages: pageReader,
    onBroken: ({ url }) => this.problems.push(`${new URL(url).pathname}: ${NO_WHOLE_JSON}`),
  });

  constructor({ usageUrl, clock, accountOf }: Required<Pick<CaptureOptions, "usageUrl" | "clock" | "accountOf">>) {
    this.#usageUrl = usageUrl;
    this.#clock = clock;
    this.#accountOf = accountOf;
  }

  /** Looks until it has seen all, or `signal` ends it; then keeps how a page without figures looks, unless it is gone. */
  async lookUntil(page: Page, { signal, gone }: { signal: AbortSignal; gone: AbortSignal }): Promise<void> {
    this.#looking = this.#look(page, signal);
    try {
      await unlessAborted(this.#looking, AbortSignal.any([signal, gone]));
    } finally {
      if (!gone.aborted && !this.#hasRows()) {
        this.#failedPage = await photograph(page, { clean: (text) => redactSecrets(text, this.#secrets) });
      }
    }
  }

  /** Done once nothing is being looked at any more: at the latest when the browser is gone. */
  async settled(): Promise<void> {
    await this.#looking.catch(() => undefined); // why it failed was told by lookUntil
  }

  async #look(page: Page, signal: AbortSignal): Promise<void> {
    const cdp = await page.context().newCDPSession(page);
    const recorder = new Recorder(cdp, this.#usageUrl);
    this.#recorder = recorder;
    await this.#learnSecrets(page);
    await recorder.start();
    try {
      await this.#goTo(page, { recorder, signal });
      if (recorder.document === null) return;
      await this.#awaitData(recorder, { page, signal });
      if (!this.#hasTable()) await this.#awaitHtml(page, { recorder, signal });
    } finally {
      await this.#note(page);
    }
  }

  result(end: Pick<Evidence, "timedOut" | "hasCrashed" | "durationMs">): Capture {
    const recorder = this.#recorder;
    const clean = (text: string) => redactSecrets(text, this.#secrets);
    const payloads = this.#payloads().filter(({ url }) => endpointOf(url) !== "me").map((payload): RawPayload => ({
      ...payload,
      url: clean(payload.url),
      requestBody: payload.requestBody === null ? null : clean(payload.requestBody),
      body: payload.kind === "html" ? maskEmails(clean(payload.body)) : clean(payload.body),
    }));
    const isChallenged = recorder?.document?.isChallenged === true || isChallengePage(this.#title) ||
      (recorder?.isApiChallenged === true && !this.#hasTable());
    const evidence: Evidence = {
      requestedUrl: this.#usageUrl.href,
      finalUrl: this.#finalUrl === null ? null : maskEmails(clean(this.#finalUrl)),
      pageStatus: recorder?.document?.status ?? null,
      title: this.#title === null ? null : maskEmails(clean(this.#title)),
      hasLoginForm: this.#hasLoginForm,
      isChallenged,
      apiCalls: recorder?.apiCalls ?? [],
      problems: [...this.problems, ...recorder?.problems ?? []].map((problem) => maskEmails(clean(problem))),
      ...end,
    };
    const session = sessionSign(this.#payloads(), { expiresAt: this.#expiresAt, accountOf: this.#accountOf });
    const failed = this.#failedPage === null ? {} : { failedPage: this.#failedPage };
    return { capturedAt: this.#clock.now(), payloads, evidence, session, ...failed };
  }

  async #goTo(page: Page, { recorder, signal }: { recorder: Recorder; signal: AbortSignal }): Promise<void> {
    const going = page.goto(this.#usageUrl.href, { waitUntil: "domcontentloaded", timeout: 0 });
    const arrived = going.then(() => null, (error) => firstLine(messageOf(error)).replace(/^page\.goto: /, ""));
    // A document that breaks off half-way would leave the navigation waiting for its end.
    const over = new AbortController();
    const failed = until(() => recorder.documentFailure !== null, {
      limitMs: Infinity,
      onChange: (notify) => recorder.onChange(notify),
      signal: AbortSignal.any([signal, over.signal]),
    }).then(() => recorder.documentFailure, () => null);
    const problem = await Promise.race([arrived, failed]);
    over.abort();
    if (problem !== null && !this.problems.includes(problem)) this.problems.push(problem);
  }

  async #awaitData(recorder: Recorder, { page, signal }: { page: Page; signal: AbortSignal }): Promise<void> {
    const changes = { onChange: (notify: () => void) => recorder.onChange(notify), signal };
    if (recorder.document?.isChallenged) {
      await until(() => recorder.document?.isChallenged === false, { ...changes, limitMs: CHALLENGE_MS });
    }
    const status = recorder.document?.status ?? 0;
    if (recorder.document?.isChallenged || status >= 400) return;
    const isComplete = () => this.#isComplete();
    await until(isComplete, { ...changes, limitMs: SETTLE_MS, quietMs: QUIET_MS, isBusy: () => recorder.isBusy });
    if (!isComplete() && !await hasLoginForm(page)) {
      const missing = IN_PAGE_CALLS.filter(({ endpoint }) => this.#isMissing(endpoint));
      await callInPage(page, missing);
      await until(() => !recorder.isReading, { ...changes, limitMs: READ_MS });
    }
  }

  /** The page asked for other days than the cycle's, did not ask, or got no answer. */
  #isMissing(endpoint: string): boolean {
    if ([...this.#recorder?.tooLarge ?? []].some((url) => endpointOf(url) === endpoint)) return false;
    const isAnswered = this.#payloads().some(({ url, status }) => endpointOf(url) === endpoint && status < 400);
    return !isAnswered || (endpoint === "get-aggregated-usage-events" && !this.#hasTable());
  }

  async #awaitHtml(page: Page, { recorder, signal }: { recorder: Recorder; signal: AbortSignal }): Promise<void> {
    const mayBeDrawn = (recorder.document?.status ?? 500) < 400 && !await hasLoginForm(page);
    const isRefused = recorder.apiCalls.some(({ status }) => status === 401 || status === 403 || status >= 500);
    const startedAt = this.#clock.now();
    const limitMs = !mayBeDrawn ? 0 : isRefused ? REFUSED_TABLE_MS : TABLE_MS;
    for (;;) {
      const html = await readHtml(page, MAX_PAYLOAD_BYTES);
      if (html === null) {
        this.problems.push(`the page is larger than ${formatBytes(MAX_PAYLOAD_BYTES)}`);
        return;
      }
      this.#html = htmlPayload(page.url(), { status: recorder.document?.status ?? 0, html });
      if (this.#hasTable() || recorder.document?.isChallenged || since(startedAt, this.#clock) >= limitMs) return;
      await until(() => false, { limitMs: QUIET_MS, onChange: (notify) => recorder.onChange(notify), signal });
    }
  }

  async #note(page: Page): Promise<void> {
    this.#finalUrl = page.url();
    this.#title = await page.title().catch(() => null);
    this.#hasLoginForm = await hasLoginForm(page).catch(() => false);
    await this.#learnSecrets(page).catch(() => undefined); // a closed browser has told them before the page was opened
  }

  /** The session's cookies, to be masked in what is kept: those before the page was opened, and those that it set. */
  async #learnSecrets(page: Page): Promise<void> {
    const { secrets, expiresAt } = await cookieSigns(page.context(), this.#usageUrl);
    for (const secret of secrets) this.#secrets.add(secret);
    this.#expiresAt = expiresAt;
  }

  #payloads(): readonly RawPayload[] {
    return [...this.#recorder?.payloads ?? [], ...this.#html === null ? [] : [this.#html]];
  }

  /** The usage table, as far as it has been seen. */
  #usage(): Usage | null {
    return this.#reader.read(this.#payloads(), this.#clock.now()).usage;
  }

  #hasTable(): boolean {
    return this.#usage() !== null;
  }

  #hasRows(): boolean {
    return (this.#usage()?.rows.length ?? 0) > 0;
  }

  /** The table is there, and for which days it is. */
  #isComplete(): boolean {
    const cycle = this.#usage()?.cycle;
    return cycle !== undefined && cycle.start !== null && cycle.end !== null;
  }
}

function htmlPayload(url: string, { status, html }: { status: number; html: string }): RawPayload {
  return { kind: "html", url, method: "GET", status, requestBody: null, contentType: "text/html", body: html };
}

/** Whether the title is that of the bot protection's page. */
export function isChallengePage(title: string | null): boolean {
  return title !== null && /security checkpoint|just a moment/i.test(title);
}

function since(start: Temporal.Instant, clock: Clock): number {
  return Math.round(start.until(clock.now()).total("milliseconds"));
}

/** What Playwright says of a browser that is gone. */
function isCrash(problem: string): boolean {
  return /(?:page|context|browser|target) .*(?:has been closed|crashed)|Target closed|Page crashed/i.test(problem);
}

function firstLine(text: string): string {
  return (text.split("\n")[0] ?? text).trim();
}
