import { answerOf, answerOfError, captureOfAnswer } from "../../../adapters/browser/child_site.ts";
import { CaptureFailed } from "../../../domain/capture/outcome.ts";
import { captureOf, jsonPayload } from "../../domain/capture/capture_of.ts";
import assert from "node:assert/strict";

const AT = Temporal.Instant.from("2026-11-21T19:00:00.125Z");

/** The message as the other process reads it. */
const sent = (message: unknown): unknown => JSON.parse(JSON.stringify(message));

Deno.test("a capture arrives with its session and the look of its page as the child had it", () => {
  const capture = captureOf({ at: AT, payloads: [jsonPayload("x", { a: 1 })], evidence: { hasCrashed: true } });
  const session = { account: "hmac-00000001:aa", expiresAt: AT.add({ hours: 5 }) };
  const failedPage = { screenshot: new Uint8Array([137, 80, 0, 255]), html: "<p>é</p>" };
  const got = captureOfAnswer(sent(answerOf({ ...capture, session, failedPage })));
  assert.deepEqual([...got.failedPage?.screenshot ?? []], [137, 80, 0, 255]);
  assert.equal(got.failedPage?.html, "<p>é</p>");
  assert.equal(got.session?.expiresAt?.toString(), "2026-11-22T00:00:00.125Z");
  assert.equal(got.session?.account, "hmac-00000001:aa");
  assert.equal(got.evidence.hasCrashed, true);
  assert.deepEqual(got.payloads, capture.payloads);
});

Deno.test("a capture without them arrives without them", () => {
  const got = captureOfAnswer(sent(answerOf(captureOf({ at: AT }))));
  assert.deepEqual(["session" in got, "failedPage" in got], [false, false]);
});

Deno.test("a failure arrives with its outcome and hint", () => {
  const failed = new CaptureFailed("Full.", { outcome: "disk_full", hint: "Free some." });
  assert.throws(() => captureOfAnswer(sent(answerOfError(failed))), {
    message: "Full.",
    outcome: "disk_full",
    hint: "Free some.",
    exitCode: 1,
  });
});
