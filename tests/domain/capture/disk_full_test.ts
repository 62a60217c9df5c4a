import { DiskFull, isDiskFull, unreachableBy } from "../../../domain/capture/outcome.ts";
import assert from "node:assert/strict";

Deno.test("isDiskFull() knows how the runtime, SQLite and browsers say it, and finds it among the causes", () => {
  for (
    const text of [
      "No space left on device (os error 28): writefile 'x'",
      "ENOSPC: no space left on device, write",
      "database or disk is full",
      "Disk quota exceeded",
    ]
  ) {
    assert.ok(isDiskFull(new Error(text)), text);
    assert.ok(isDiskFull(new Error("It failed", { cause: new Error(text) })), text);
  }
  assert.ok(isDiskFull(new DiskFull("full")));
  assert.ok(!isDiskFull(new Error("os error 2: no such file")));
  assert.ok(!isDiskFull(null));
});

Deno.test("unreachableBy() says DNS, TLS, time-out and proxy in words, and keeps the browser's own", () => {
  const cases = [
    ["net::ERR_NAME_NOT_RESOLVED", /DNS\): net::ERR_NAME_NOT_RESOLVED$/],
    ["net::ERR_CERT_AUTHORITY_INVALID at https://x/", /TLS\): net::ERR_CERT/],
    ["net::ERR_CONNECTION_TIMED_OUT", /in time/],
    ["net::ERR_TUNNEL_CONNECTION_FAILED", /proxy/],
    ["net::ERR_INTERNET_DISCONNECTED", /no network/],
  ] as const;
  for (const [problem, says] of cases) {
    const { why, hint } = unreachableBy(problem);
    assert.match(why, says);
    assert.notEqual(hint, null);
  }
  assert.deepEqual(unreachableBy("net::ERR_EMPTY_RESPONSE"), { why: "net::ERR_EMPTY_RESPONSE", hint: null });
});
