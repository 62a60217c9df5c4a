import type { Alert } from "../../../domain/alerts/alert.ts";
import { OUTCOME_MEANING, SCRAPE_OUTCOMES } from "../../../domain/capture/outcome.ts";
import { troubleOf } from "../../../domain/capture/scrape.ts";
import type { Run } from "../../../domain/runs/run.ts";
import assert from "node:assert/strict";

const AT = Temporal.Instant.from("2026-11-21T20:00:00Z");
const ALERT: Pick<Alert, "details" | "triggeredAt"> = { details: "It failed. Mend it.", triggeredAt: AT };

function failed(id: number, details: Run["input"]): Run {
  const failure = { name: "CaptureFailed", message: `Run ${id} failed.`, hint: "Do this.", details };
  return {
    id,
    job: "scrape",
    key: `${id}`,
    status: "failed",
    input: null,
    output: null,
    failure,
    owner: "p",
    fence: 1,
    retries: 0,
    createdAt: AT,
    finishedAt: AT,
    cancelRequestedAt: null,
  };
}

const alert = ALERT as Alert;

Deno.test("every failed outcome has a headline, a hint and one command that is one of tracker's own", () => {
  for (const outcome of SCRAPE_OUTCOMES) {
    const { headline, hint, mend, exitCode } = OUTCOME_MEANING[outcome];
    const isGood = outcome === "stored" || outcome === "unchanged";
    assert.equal(headline === null && hint === null && mend === null && exitCode === 0, isGood, outcome);
    if (!isGood) assert.match(mend ?? "", /^tracker (onboard|scrape|doctor)( |$)/, outcome);
  }
});

Deno.test("the trouble is that of the newest failure, since the first of the row", () => {
  const trouble = troubleOf(alert, [failed(9, { outcome: "logged_out" }), failed(8, { outcome: "unreachable" })]);
  assert.equal(trouble?.headline, "Cursor has logged you out");
  assert.equal(trouble?.details, "Run 9 failed. Do this.");
  assert.equal(trouble?.mend, "tracker onboard");
  assert.equal(trouble?.since.toString(), AT.toString());
});

Deno.test("a scrape that was kept out is passed over, and a failure of our own is told as the alert tells it", () => {
  const runs = [failed(9, { outcome: "locked" }), failed(8, { outcome: "no_browser" })];
  assert.equal(troubleOf(alert, runs)?.mend, "tracker doctor --fix");
  const own = troubleOf(alert, [failed(7, null)]);
  assert.deepEqual([own?.details, own?.mend], ["It failed. Mend it.", "tracker runs show 7"]);
});

Deno.test("without an open alert there is no trouble", () => {
  assert.equal(troubleOf(null, [failed(9, { outcome: "logged_out" })]), null);
});
