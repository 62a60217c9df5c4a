import { sleep, within } from "../../../adapters/system/timer.ts";
import assert from "node:assert/strict";

const LONG_MS = 3_600_000;

Deno.test("sleep() ends early and without an error when its signal is aborted, before or meanwhile", async () => {
  await sleep(LONG_MS, AbortSignal.abort());
  const over = new AbortController();
  const slept = sleep(LONG_MS, over.signal);
  over.abort();
  await slept;
});

Deno.test("within() returns what comes in time, null for what does not, and keeps no timer", async () => {
  assert.equal(await within(LONG_MS, Promise.resolve("in time")), "in time");
  assert.equal(await within(1, new Promise(() => {})), null);
  await assert.rejects(within(LONG_MS, Promise.reject(new Error("failed"))), /failed/);
});
