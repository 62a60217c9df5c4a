import type { Evidence } from "./capture.ts";
import { unreachableBy } from "./unreachable.ts";

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
export interface OutcomeMeaning {
  readonly exitCode: number;
  /** What happened, as a headline without a full stop; null where figures came. */
  readonly headline: string | null;
  readonly hint: string | null;
  /** The one command that mends it, or tells more where no command can; null where nothing is to be mended. */
  readonly mend: string | null;
  readonly retryable: boolean;
}

const FIGURES_CAME: OutcomeMeaning = { exitCode: 0, headline: null, hint: null, mend: null, retryable: false };

/** What each outcome means: exit code, and the one thing that mends it. */
export const OUTCOME_MEANING: Readonly<Record<ScrapeOutcome, OutcomeMeaning>> = {
  stored: FIGURES_CAME,
  unchanged: FIGURES_CAME,
  logged_out: {
    exitCode: 10,
    headline: "Cursor has logged you out",
    hint: "Log in again with 'tracker onboard'. Sessions often end after hours; the history so far is kept.",
    mend: "tracker onboard",
    retryable: false,
  },
  challenged: {
    exitCode: 11,
    headline: "The site's bot protection wants a check",
    hint: "The site's bot protection asked for a check; you are not logged out. Wait for the next hourly scrape; " +
      "if it goes on, pass the check once in the window of 'tracker onboard'.",
    mend: "tracker onboard",
    retryable: false,
  },
  layout_changed: {
    exitCode: 12,
    headline: "The usage page has another layout",
    hint:
      "The page loaded, but no usage table known to this version was in it. The capture is kept; look for a newer " +
      "tracker, and check that CURSOR_USAGE_URL opens your usage page.",
    mend: "tracker doctor --bundle report.tar.gz",
    retryable: false,
  },
  empty_period: {
    exitCode: 1,
    headline: "Cursor sent an empty table",
    hint: "Cursor sent an empty table for a cycle that had figures before. The last figures are kept; this usually " +
      "passes by the next scrape.",
    mend: "tracker scrape",
    retryable: false,
  },
  unreachable: {
    exitCode: 13,
    headline: "The usage page cannot be reached",
    hint:
      "Check the network and CURSOR_USAGE_URL, then try 'tracker scrape'. The next hourly scrape tries again anyway.",
    mend: "tracker doctor",
    retryable: true,
  },
  no_browser: {
    exitCode: 14,
    headline: "There is no browser that works",
    hint: "Install Chromium with 'tracker doctor --fix', or set BROWSER_PATH to a Chrome, Chromium or Edge.",
    mend: "tracker doctor --fix",
    retryable: false,
  },
  locked: {
    exitCode: 15,
    headline: "Another process uses the browser profile",
    hint: "Another process uses the browser profile (USER_DATA_DIR). Wait for it to end, or close its browser window.",
    mend: "tracker doctor",
    retryable: true,
  },
  disk_full: {
    exitCode: 1,
    headline: "The disk is full",
    hint: "Free some space on the disk that holds DATA_DIR and USER_DATA_DIR; what was stored before is safe. " +
      "'tracker doctor' tells how much is free.",
    mend: "tracker doctor",
    retryable: true,
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
