import type { Json } from "../../../domain/json.ts";
import { aggregatedUsageEvents } from "../../../domain/readers/aggregated_usage_events.ts";
import { driftBetween, fingerprintOf, mergeFingerprints } from "../../../domain/readers/drift.ts";
import assert from "node:assert/strict";

const { needs } = aggregatedUsageEvents;
const ROW = { modelIntent: "model-a", inputTokens: "12", outputTokens: "3", totalCents: 1.5 };
const seen = fingerprintOf({ aggregations: [ROW, { ...ROW, cacheReadTokens: "9" }], totalCostCents: 3 });

function drift(body: Json) {
  return driftBetween(seen, { now: fingerprintOf(body), needs });
}

Deno.test("a fingerprint holds key paths and types, arrays and data keys collapsed", () => {
  const body = { list: [{ a: 1 }, { a: "2", b: null }], "gpt-4": { n: true }, "gpt-5": { n: "x" }, empty: [] };
  assert.deepEqual(fingerprintOf(body), {
    "*": ["object"],
    "*.n": ["boolean", "text"],
    empty: ["array"],
    list: ["array"],
    "list[]": ["object"],
    "list[].a": ["number", "numeric_text"],
    "list[].b": ["null"],
  });
});

Deno.test("the same shape with other values, an omitted zero or an empty answer loses no figure", () => {
  const none = { added: [], lost: [], retyped: [], lostFigures: [] };
  const others = { aggregations: [{ ...ROW, cacheReadTokens: 7, totalCents: "2" }], totalCostCents: 1 };
  assert.deepEqual([drift(others), drift({})], [none, none]);
  assert.deepEqual(drift({ aggregations: [ROW] }).lostFigures, []);
  assert.deepEqual(drift({ aggregations: [] }).lostFigures, []);
});

Deno.test("a renamed field is new and lost, and the figure that needs it is named", () => {
  const { totalCents, ...rest } = ROW;
  const renamed = drift({ aggregations: [{ ...rest, totalUsd: totalCents }] });
  assert.deepEqual(renamed.added, ["aggregations[].totalUsd"]);
  assert.ok(renamed.lost.includes("aggregations[].totalCents"));
  assert.deepEqual(renamed.lostFigures, ["API cost"]);
});

Deno.test("a renamed list loses every figure in it", () => {
  assert.deepEqual(drift({ models: [ROW] }).lostFigures, ["models", "tokens", "API cost"]);
});

Deno.test("one kind of tokens of several loses no figure, all of them do", () => {
  const { inputTokens: _, ...without } = ROW;
  assert.deepEqual(drift({ aggregations: [without] }).lostFigures, []);
  assert.deepEqual(drift({ aggregations: [{ modelIntent: "a", totalCents: 1, tokens: 5 }] }).lostFigures, ["tokens"]);
});

Deno.test("a field of another type is retyped; null and digits as text are not another type", () => {
  assert.deepEqual(drift({ aggregations: [{ ...ROW, totalCents: { amount: 1.5 } }] }).retyped, [
    { path: "aggregations[].totalCents", before: "number", after: "object" },
  ]);
  assert.deepEqual(drift({ aggregations: [{ ...ROW, totalCents: { amount: 1.5 } }] }).lostFigures, ["API cost"]);
  assert.deepEqual(drift({ aggregations: [{ ...ROW, totalCents: "1.5" }] }).retyped, []);
  assert.deepEqual(drift({ aggregations: [{ ...ROW, totalCents: null }] }).retyped, []);
});

Deno.test("fingerprints of several payloads add up", () => {
  assert.deepEqual(mergeFingerprints({ a: ["number"], b: ["text"] }, { a: ["null"], c: ["object"] }), {
    a: ["null", "number"],
    b: ["text"],
    c: ["object"],
  });
});

Deno.test("a figure that another field tells now is not lost", () => {
  const needs = [{ figure: "used", anyOf: ["plan.used", "overall.used"] }];
  const before = fingerprintOf({ plan: { used: 1, limit: 2 }, membership: "pro" });
  const now = fingerprintOf({ overall: { used: 1 }, membership: "enterprise" });
  assert.deepEqual(driftBetween(before, { now, needs }).lostFigures, []);
});
