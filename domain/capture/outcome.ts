import { messageOf, TrackerError } from "../errors.ts";
import type { Json } from "../json.ts";
import type { Capture, Evidence } from "./capture.ts";

/** How a scrape can end. */
export const SCRAPE_OUTCOMES = [
  "stored",
  "unchanged",
  "logged_out",
  "challenged",
  "layout_changed",
  "empty_period",
  "unreachable",
  "no_browser",
  "locked",
  "disk_full",
] as const;
export type ScrapeOutcome = typeof SCRAPE_OUTCOMES[number];

/** A scrape's end without figures. */
export type FailedOutcome = Exclude<ScrapeOutcome, "stored" | "unchanged">;

/** What an outcome means to the caller and to the person. */
interface OutcomeMeaning {
  readonly exitCode: number;
  /** What happened, as a headline without a full stop; null where figures came. */
  readonly headline: string | null;
  readonly hint: string | null;
  /** The one command that mends it, or tells more where no command can; null where nothing is to be mended. */
  readonly mend: string | null;
}

const FIGURES_CAME: OutcomeMeaning = { exitCode: 0, headline: null, hint: null, mend: null };

/** What each outcome means: exit code, and the one thing that mends it. */
export const OUTCOME_MEANING: Readonly<Record<ScrapeOutcome, OutcomeMeaning>> = {
  stored: FIGURES_CAME,
  unchanged: FIGURES_CAME,
  logged_out: {
    exitCode: 10,
    headline: "Cursor has logged you out",
    hint: "Log in again with 'tracker onboard'. Sessions often end after hours; the history so far is kept.",
    mend: "tracker onboard",
  },
  challenged: {
    exitCode: 11,
    headline: "The site's bot protection wants a check",
    hint: "The site's bot protection asked for a check; you are not logged out. Wait for the next hourly scrape; " +
      "if it goes on, pass the check once in the window of 'tracker onboard'.",
    mend: "tracker onboard",
  },
  layout_changed: {
    exitCode: 12,
    headline: "The usage page has another layout",
    hint:
      "The page loaded, but no usage table known to this version was in it. The capture is kept; look for a newer " +
      "tracker, and check that CURSOR_USAGE_URL opens your usage page.",
    mend: "tracker doctor --bundle report.tar.gz",
  },
  empty_period: {
    exitCode: 1,
    headline: "Cursor sent an empty table",
    hint: "Cursor sent an empty table for a cycle that had figures before. The last figures are kept; this usually " +
      "passes by the next scrape.",
    mend: "tracker scrape",
  },
  unreachable: {
    exitCode: 13,
    headline: "The usage page cannot be reached",
    hint:
      "Check the network and CURSOR_USAGE_URL, then try 'tracker scrape'. The next hourly scrape tries again anyway.",
    mend: "tracker doctor",
  },
  no_browser: {
    exitCode: 14,
    headline: "There is no browser that works",
    hint: "Install Chromium with 'tracker doctor --fix', or set BROWSER_PATH to a Chrome, Chromium or Edge.",
    mend: "tracker doctor --fix",
  },
  locked: {
    exitCode: 15,
    headline: "Another process uses the browser profile",
    hint: "Another process uses the browser profile (USER_DATA_DIR). Wait for it to end, or close its browser window.",
    mend: "tracker doctor",
  },
  disk_full: {
    exitCode: 1,
    headline: "The disk is full",
    hint: "Free some space on the disk that holds DATA_DIR and USER_DATA_DIR; what was stored before is safe. " +
      "'tracker doctor' tells how much is free.",
    mend: "tracker doctor",
  },
};

/** How a problem reads where a JSON answer ends in the middle. */
export const NO_WHOLE_JSON = "the answer is no whole JSON";

/**
 * Why a capture holds no usage table, by the evidence. The bot challenge comes first: it answers 403 on every call and
 * would otherwise look like a lost session.
 */
export function diagnose(evidence: Evidence): { outcome: FailedOutcome; error: string; hint?: string } {
  const page = evidence.pageStatus;
  const calls = evidence.apiCalls;
  if (evidence.isChallenged) {
    return { outcome: "challenged", error: "The site answered with its bot check instead of the usage page." };
  }
  if (evidence.hasCrashed) {
    return {
      outcome: "no_browser",
      error: "Chromium ended while it read the usage page: it crashed, or something killed it.",
      hint:
        "Try 'tracker scrape' again. If it goes on, the machine may be short of memory, or the browser is broken: " +
        "'tracker doctor --fix' installs another one.",
    };
  }
  if (page === null && !evidence.timedOut) {
    const { why, hint } = unreachableBy(evidence.problems[0] ?? "no answer");
    const error = `The usage page could not be loaded: ${why}.`;
    return { outcome: "unreachable", error, ...(hint === null ? {} : { hint }) };
  }
  if (isLoggedOut(evidence)) {
    return { outcome: "logged_out", error: "Cursor shows its login instead of the usage page: the session has ended." };
  }
  if (page !== null && (page >= 500 || page === 429 || page === 408)) {
    return { outcome: "unreachable", error: `The usage page answered with HTTP status ${page}.` };
  }
  const broken = calls.filter(({ status }) => status >= 500 || status === 429 || status === 0);
  if (broken.length > 0 && broken.length >= calls.length / 2) {
    const first = broken.map(({ path, status }) => `${path} ${status || "no answer"}`)[0];
    return { outcome: "unreachable", error: `The page loaded, but its usage data did not (${first}).` };
  }
  if (evidence.timedOut) {
    const seconds = Math.round(evidence.durationMs / 1000);
    return { outcome: "unreachable", error: `The usage page did not finish within ${seconds} seconds.` };
  }
  const why = evidence.problems[0];
  if (why?.includes(NO_WHOLE_JSON)) {
    const hint = "The data was cut off on its way; the next scrape usually gets it whole. What came is kept.";
    return { outcome: "layout_changed", error: `The usage data cannot be read: ${why}.`, hint };
  }
  const error = page !== null && page >= 400
    ? `The usage page answered with HTTP status ${page}.`
    : `The page loaded, but it holds no usage table that this version knows${why === undefined ? "" : ` (${why})`}.`;
  return { outcome: "layout_changed", error };
}

function isLoggedOut({ finalUrl, requestedUrl, hasLoginForm, pageStatus, apiCalls }: Evidence): boolean {
  if (hasLoginForm || pageStatus === 401) return true;
  if (finalUrl !== null && finalUrl !== requestedUrl && isLoginUrl(finalUrl)) return true;
  return apiCalls.some(({ status }) => status === 401);
}

function isLoginUrl(url: string): boolean {
  const parsed = URL.parse(url);
  if (parsed === null) return false; // a redacted address may be no address any more
  const { hostname, pathname } = parsed;
  return /^(authenticator|auth|login|accounts?)\./i.test(hostname) ||
    /\/(login|log-in|signin|sign-in|sign_in|auth|authenticate)(\/|$)/i.test(pathname);
}

/** Chromium's own names of network errors, what they mean, and what helps. */
const NETWORK_ERRORS: readonly { readonly says: RegExp; readonly meaning: string; readonly hint: string }[] = [
  {
    says: /ERR_NAME_NOT_RESOLVED|ERR_NAME_RESOLUTION_FAILED|ERR_DNS_/,
    meaning: "its host name was not found (DNS)",
    hint: "Check that this machine has a working name server, and the host in CURSOR_USAGE_URL.",
  },
  {
    says: /ERR_CERT_|ERR_SSL_|ERR_BAD_SSL/,
    meaning: "no secure connection was possible (TLS)",
    hint: "Check this machine's clock, and whether a proxy on the way puts its own certificate in the site's place.",
  },
  {
    says: /ERR_INTERNET_DISCONNECTED|ERR_NETWORK_CHANGED|ERR_ADDRESS_UNREACHABLE/,
    meaning: "this machine has no network",
    hint: "Check this machine's network connection. The next hourly scrape tries again anyway.",
  },
  {
    says: /ERR_CONNECTION_TIMED_OUT|ERR_TIMED_OUT/,
    meaning: "it did not answer in time",
    hint: "Check the network and any firewall on the way. The next hourly scrape tries again anyway.",
  },
  {
    says: /ERR_PROXY|ERR_TUNNEL/,
    meaning: "the proxy does not let it through",
    hint: "Check this machine's proxy settings.",
  },
];

/** A network problem in words where it is a known one; the problem's own text stays in it for those who search for it. */
export function unreachableBy(problem: string): { why: string; hint: string | null } {
  const known = NETWORK_ERRORS.find(({ says }) => says.test(problem));
  return known === undefined ? { why: problem, hint: null } : { why: `${known.meaning}: ${problem}`, hint: known.hint };
}

/** A run's failure is read by people: of long lists it keeps the first. */
const MOST_LISTED = 20;

/** A scrape that ends without figures: why, what to do, and what was seen. */
export class CaptureFailed extends TrackerError {
  override readonly name = "CaptureFailed";
  readonly outcome: FailedOutcome;
  /** What the browser saw; null where none was opened. */
  readonly capture: Capture | null;
  /** What is kept with the run: the outcome, and the evidence that it was decided by. */
  readonly details: Json;

  constructor(
    message: string,
    options: { outcome: FailedOutcome; capture?: Capture | null; hint?: string; cause?: unknown },
  ) {
    const { hint, exitCode } = OUTCOME_MEANING[options.outcome];
    super(message, { hint: options.hint ?? hint, exitCode, cause: options.cause });
    this.outcome = options.outcome;
    this.capture = options.capture ?? null;
    const { capture } = this;
    this.details = {
      outcome: options.outcome,
      exitCode,
      ...(capture === null
        ? {}
        : { capturedAt: capture.capturedAt.toString(), evidence: evidenceJson(capture.evidence) }),
    };
  }
}

function evidenceJson(evidence: Evidence): Json {
  const calls = evidence.apiCalls.slice(0, MOST_LISTED).map(({ path, status }) => ({ path, status }));
  return { ...evidence, apiCalls: calls, problems: evidence.problems.slice(0, MOST_LISTED) };
}

/** How the runtime, SQLite and browsers say that there is no space left. */
const SAYS =
  /no space left on device|\bENOSPC\b|os error 28\b|database or disk is full|disk quota exceeded|cannot grow as the disk/i;

/** Something could not be written as the disk is full. */
export class DiskFull extends TrackerError {
  override readonly name = "DiskFull";
  /** What is kept with the run. */
  readonly details = { outcome: "disk_full", exitCode: OUTCOME_MEANING.disk_full.exitCode };

  constructor(message: string, options: { cause?: unknown } = {}) {
    const { hint, exitCode } = OUTCOME_MEANING.disk_full;
    super(message, { hint, exitCode, ...options });
  }
}

/** Whether the error, or one that caused it, is about a full disk. */
export function isDiskFull(error: unknown): boolean {
  if (error instanceof DiskFull) return true;
  return SAYS.test(messageOf(error)) ||
    (error instanceof Error && error.cause !== undefined && isDiskFull(error.cause));
}
