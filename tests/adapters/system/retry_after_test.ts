import { MAX_RETRY_AFTER_MS, retryAfterMs } from "../../../adapters/system/http.ts";
import assert from "node:assert/strict";

const NOW = Temporal.Instant.from("2026-10-21T07:27:50Z");

Deno.test("retryAfterMs() reads seconds and dates", () => {
  assert.equal(retryAfterMs("7", NOW), 7_000);
  assert.equal(retryAfterMs(" 0 ", NOW), 0);
  assert.equal(retryAfterMs("Wed, 21 Oct 2026 07:28:00 GMT", NOW), 10_000);
});

Deno.test("retryAfterMs() never waits for the past, nor for ever", () => {
  assert.equal(retryAfterMs("Tue, 20 Oct 2026 07:28:00 GMT", NOW), 0);
  assert.equal(retryAfterMs("86400", NOW), MAX_RETRY_AFTER_MS);
  assert.equal(retryAfterMs("Wed, 21 Oct 2099 07:28:00 GMT", NOW), MAX_RETRY_AFTER_MS);
});

Deno.test("retryAfterMs() knows nothing where the header says neither", () => {
  for (const header of [null, "", "soon", "-5", "Wed, 31 Feb 2026 07:28:00 GMT", "Wed, 21 Foo 2026 07:28:00 GMT"]) {
    assert.equal(retryAfterMs(header, NOW), null);
  }
});
