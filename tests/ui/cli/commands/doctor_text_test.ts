import { doctorJson } from "../../../../ui/api/settings.ts";
import { checkText, summaryText } from "../../../../ui/cli/commands/doctor.ts";
import { evidenceText } from "../../../../ui/cli/commands/runs.ts";
import assert from "node:assert/strict";

const AT = Temporal.Instant.from("2026-11-21T20:00:00Z");
const GOOD = {
  name: "a",
  title: "A thing",
  status: "ok",
  found: "fine",
  why: null,
  mend: null,
  durationMs: 3,
} as const;
const BAD = {
  ...GOOD,
  name: "b",
  status: "fail",
  found: "broken",
  why: "It fell down.",
  mend: "tracker onboard",
} as const;

Deno.test("a check is one line, with why and what mends it below, no line wider than the terminal", () => {
  assert.equal(checkText(GOOD, 80), "ok    A thing           fine\n");
  assert.equal(
    checkText(BAD, 80),
    "FAIL  A thing           broken\n      It fell down.\n      Try: tracker onboard\n",
  );
  const long = { ...BAD, why: "word ".repeat(40).trim() };
  for (const line of checkText(long, 60).split("\n")) assert.ok(line.length <= 60, line);
});

Deno.test("the summary counts, and the JSON has the worst of all", () => {
  const report = { at: AT, version: "0.1.0", mended: [], checks: [GOOD, BAD] };
  assert.equal(summaryText(report), "\n1 ok, 0 warnings, 1 failure, 0 skipped.\n");
  assert.match(summaryText({ ...report, checks: [GOOD] }), /Nothing that must work is broken\.\n$/);
  assert.deepEqual(doctorJson({ ...report, checks: [BAD] }), {
    version: "0.1.0",
    at: "2026-11-21T20:00:00Z",
    status: "fail",
    mended: [],
    checks: [{
      name: "b",
      title: "A thing",
      status: "fail",
      found: "broken",
      why: "It fell down.",
      mend: "tracker onboard",
      duration_ms: 3,
    }],
  });
});

Deno.test("a run's evidence is told in lines, and what was not so is left out", () => {
  const evidence = {
    requestedUrl: "https://cursor.com/u",
    finalUrl: "https://cursor.com/login",
    pageStatus: 200,
    title: null,
    hasLoginForm: true,
    isChallenged: false,
    apiCalls: [{ path: "/api/me", status: 401 }],
    problems: [],
    timedOut: false,
    hasCrashed: false,
    durationMs: 5,
  };
  assert.equal(
    evidenceText({ outcome: "logged_out", evidence }),
    "\nEvidence\n  page        https://cursor.com/login\n  status      200\n  login form  yes\n  call        /api/me 401\n",
  );
  assert.equal(evidenceText({ exitCode: 1 }), "");
});
