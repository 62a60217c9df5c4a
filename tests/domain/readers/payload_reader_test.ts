import { pageReader } from "../../../adapters/browser/page_reader.ts";
import type { RawPayload } from "../../../domain/capture/capture.ts";
import { PayloadReader, readCapture } from "../../../domain/readers/read_capture.ts";
import { captureOf, htmlPayload, jsonPayload } from "../capture/capture_of.ts";
import assert from "node:assert/strict";

const AT = Temporal.Instant.from("2026-11-21T19:00:00Z");
const TABLE = jsonPayload("get-aggregated-usage-events", {
  aggregations: [{ modelIntent: "opus", inputTokens: "100", totalCents: 250 }],
});
const SUMMARY = jsonPayload("usage-summary", {
  billingCycleStart: "2026-11-10T00:00:00Z",
  billingCycleEnd: "2026-12-10T00:00:00Z",
});
const BROKEN: RawPayload = { ...jsonPayload("get-hard-limit", {}), body: '{"hardLimit":' };

/** The payload, and how often its body was taken. */
function counted(payload: RawPayload): { payload: RawPayload; reads: () => number } {
  let reads = 0;
  const watched = {
    ...payload,
    get body() {
      reads++;
      return payload.body;
    },
  };
  return { payload: watched, reads: () => reads };
}

Deno.test("payloads that come one after another are read once each, however often the figures are asked for", () => {
  const broken: string[] = [];
  const reader = new PayloadReader({ pages: pageReader, onBroken: ({ url }) => broken.push(url) });
  const all = [TABLE, BROKEN, SUMMARY, htmlPayload("<table></table>")].map(counted);
  const seen: RawPayload[] = [];
  for (const { payload } of all) {
    seen.push(payload);
    for (let look = 0; look < 3; look++) reader.read(seen, AT);
  }
  assert.deepEqual(all.map(({ reads }) => reads()), [1, 1, 1, 1]);
  assert.deepEqual(broken, [BROKEN.url]);
});

Deno.test("what was read payload by payload is what is read of the whole capture", () => {
  const payloads = [TABLE, SUMMARY];
  const reader = new PayloadReader({ pages: pageReader });
  assert.equal(reader.read([SUMMARY], AT).usage, null);
  const { shapes: _shapes, ...whole } = readCapture(captureOf({ at: AT, payloads }), pageReader);
  assert.deepEqual(reader.read(payloads, AT), whole);
  const { cycle, rows } = whole.usage ?? {};
  assert.deepEqual([String(cycle?.start), String(cycle?.end)], ["2026-11-10", "2026-12-10"]);
  assert.deepEqual(rows?.map(({ model, apiCost }) => [model, apiCost]), [["opus", 2_500_000]]);
});
