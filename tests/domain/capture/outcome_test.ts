import type { Evidence } from "../../../domain/capture/capture.ts";
import { diagnose, type FailedOutcome, OUTCOME_MEANING, SCRAPE_OUTCOMES } from "../../../domain/capture/outcome.ts";
import assert from "node:assert/strict";

const USAGE_URL = "https://cursor.com/dashboard/usage";

/** A page that loaded without a hitch, but for what is given. */
function evidence(of: Partial<Evidence> = {}): Evidence {
  return {
    requestedUrl: USAGE_URL,
    finalUrl: USAGE_URL,
    pageStatus: 200,
    title: "Usage | Cursor",
    hasLoginForm: false,
    isChallenged: false,
    apiCalls: [],
    problems: [],
    timedOut: false,
    hasCrashed: false,
    durationMs: 1_500,
    ...of,
  };
}

function outcomes(cases: readonly Partial<Evidence>[]): FailedOutcome[] {
  return cases.map((one) => diagnose(evidence(one)).outcome);
}

Deno.test("a bot check is never taken for a lost session, whatever else is seen", () => {
  const seen = [
    { isChallenged: true },
    { isChallenged: true, pageStatus: 403, apiCalls: [{ path: "/api/usage-summary", status: 403 }] },
    { isChallenged: true, pageStatus: 401, hasLoginForm: true },
    { isChallenged: true, pageStatus: null, timedOut: true },
  ];
  assert.deepEqual(outcomes(seen), ["challenged", "challenged", "challenged", "challenged"]);
});

Deno.test("a page that never came is unreachable, with the browser's own word for it", () => {
  const { outcome, error } = diagnose(
    evidence({ pageStatus: null, finalUrl: "chrome-error://chromewebdata/", problems: ["net::ERR_NAME_NOT_RESOLVED"] }),
  );
  assert.equal(outcome, "unreachable");
  assert.equal(
    error,
    "The usage page could not be loaded: its host name was not found (DNS): net::ERR_NAME_NOT_RESOLVED.",
  );
  assert.equal(diagnose(evidence({ pageStatus: null })).error, "The usage page could not be loaded: no answer.");
});

Deno.test("a login form, a login address or a 401 mean that the session has ended", () => {
  const seen: Partial<Evidence>[] = [
    { hasLoginForm: true },
    { pageStatus: 401 },
    { finalUrl: "https://authenticator.cursor.sh/?client_id=x" },
    { finalUrl: "https://cursor.com/api/auth/login" },
    { finalUrl: "https://cursor.com/sign-in?next=%2Fdashboard" },
    { apiCalls: [{ path: "/api/usage-summary", status: 401 }, { path: "/api/auth/me", status: 200 }] },
    { hasLoginForm: true, timedOut: true, durationMs: 90_000 },
  ];
  assert.deepEqual(new Set(outcomes(seen)), new Set(["logged_out"]));
});

Deno.test("a usage page whose own address has a login's words in it is not a login", () => {
  const address = "https://cursor.com/auth/usage";
  assert.equal(diagnose(evidence({ requestedUrl: address, finalUrl: address })).outcome, "layout_changed");
  assert.equal(diagnose(evidence({ finalUrl: "https://cursor.com/authors" })).outcome, "layout_changed");
  assert.equal(diagnose(evidence({ finalUrl: "https://[redacted]/login" })).outcome, "layout_changed");
});

Deno.test("a server that fails or is too busy is unreachable", () => {
  for (const pageStatus of [500, 502, 503, 429, 408]) {
    const { outcome, error } = diagnose(evidence({ pageStatus }));
    assert.equal(outcome, "unreachable");
    assert.equal(error, `The usage page answered with HTTP status ${pageStatus}.`);
  }
});

Deno.test("a page whose data calls mostly fail is unreachable and names the first of them", () => {
  const { outcome, error } = diagnose(evidence({
    apiCalls: [
      { path: "/api/auth/me", status: 200 },
      { path: "/api/usage-summary", status: 503 },
      { path: "/api/dashboard/get-aggregated-usage-events", status: 0 },
    ],
  }));
  assert.equal(outcome, "unreachable");
  assert.equal(error, "The page loaded, but its usage data did not (/api/usage-summary 503).");
  const silent = diagnose(evidence({ apiCalls: [{ path: "/api/usage-summary", status: 0 }] }));
  assert.equal(silent.error, "The page loaded, but its usage data did not (/api/usage-summary no answer).");
});

Deno.test("one failed call among many does not excuse a page without a table", () => {
  const apiCalls = [{ path: "/a", status: 200 }, { path: "/b", status: 200 }, { path: "/c", status: 500 }];
  assert.equal(diagnose(evidence({ apiCalls })).outcome, "layout_changed");
});

Deno.test("a capture that ran out of time is unreachable and says after how long", () => {
  const { outcome, error } = diagnose(evidence({ timedOut: true, durationMs: 89_600 }));
  assert.equal(outcome, "unreachable");
  assert.equal(error, "The usage page did not finish within 90 seconds.");
  assert.equal(diagnose(evidence({ timedOut: true, pageStatus: null })).outcome, "unreachable");
});

Deno.test("a page without a known table means a changed layout, with what could not be read", () => {
  assert.equal(
    diagnose(evidence()).error,
    "The page loaded, but it holds no usage table that this version knows.",
  );
  assert.equal(
    diagnose(evidence({ problems: ["Cannot read 'inputTokens'"] })).error,
    "The page loaded, but it holds no usage table that this version knows (Cannot read 'inputTokens').",
  );
  const missing = diagnose(evidence({ pageStatus: 404 }));
  assert.deepEqual(missing, { outcome: "layout_changed", error: "The usage page answered with HTTP status 404." });
});

Deno.test("each outcome has its own exit code, and only failures have a hint", () => {
  const codes = Object.fromEntries(SCRAPE_OUTCOMES.map((outcome) => [outcome, OUTCOME_MEANING[outcome].exitCode]));
  assert.deepEqual(codes, {
    stored: 0,
    unchanged: 0,
    logged_out: 10,
    challenged: 11,
    layout_changed: 12,
    disk_full: 1,
    empty_period: 1,
    unreachable: 13,
    no_browser: 14,
    locked: 15,
  });
  for (const outcome of SCRAPE_OUTCOMES) {
    const { exitCode, hint } = OUTCOME_MEANING[outcome];
    assert.equal(hint === null, exitCode === 0, outcome);
  }
});
