import type { Json } from "../../../domain/json.ts";
import { fingerprintOf } from "../../../domain/readers/drift.ts";
import { lostFigures, type PayloadShape, updateShapes } from "../../../domain/readers/shapes.ts";
import assert from "node:assert/strict";

const T0 = Temporal.Instant.from("2026-11-21T10:00:00Z");
const T1 = T0.add({ hours: 1 });
const T2 = T0.add({ hours: 2 });
const ROW = { modelIntent: "a", inputTokens: "12", outputTokens: "3", totalCents: 1.5 };

function observe(seen: readonly PayloadShape[], rows: Json[], at: Temporal.Instant) {
  const fingerprint = fingerprintOf({ aggregations: rows });
  return updateShapes(seen, {
    observed: [{ endpoint: "usage", recognizer: "aggregated_usage_events", fingerprint }],
    at,
  });
}

Deno.test("the first payload of an endpoint is what later ones are compared with, and is no news", () => {
  const { shapes, news } = observe([], [ROW], T0);
  assert.deepEqual(news, []);
  assert.equal(shapes[0]?.driftedAt, null);
  assert.deepEqual(observe(shapes, [ROW], T1).news, []);
});

Deno.test("a payload that no known shape has read is not remembered", () => {
  const observed = [{ endpoint: "flags", recognizer: null, fingerprint: fingerprintOf({ a: 1 }) }];
  assert.deepEqual(updateShapes([], { observed, at: T0 }).shapes, []);
});

Deno.test("a lost figure is told once, lasts since its first time, and ends when it is back", () => {
  const { totalCents: _, ...without } = ROW;
  const first = observe([], [ROW], T0).shapes;
  const second = observe(first, [without], T1);
  assert.deepEqual(second.news.map(({ lost, lostFigures }) => [lost, lostFigures]), [
    [["aggregations[].totalCents"], ["API cost"]],
  ]);
  assert.deepEqual(lostFigures(second.shapes), ["API cost (usage)"]);
  const third = observe(second.shapes, [without], T2);
  assert.deepEqual(third.news, []);
  assert.equal(String(third.shapes[0]?.driftedAt), String(T1));
  const back = observe(third.shapes, [ROW], T2);
  assert.deepEqual(lostFigures(back.shapes), []);
  assert.equal(back.shapes[0]?.driftedAt, null);
});

Deno.test("a field of another type stays a change while it lasts", () => {
  const first = observe([], [ROW], T0).shapes;
  const retyped = { ...ROW, totalCents: { amount: 1.5 } };
  const second = observe(first, [retyped], T1);
  assert.deepEqual(lostFigures(second.shapes), ["API cost (usage)"]);
  const third = observe(second.shapes, [retyped], T2);
  assert.deepEqual(lostFigures(third.shapes), ["API cost (usage)"]);
  assert.deepEqual(third.news, []);
});

Deno.test("a shape that nothing can read any more is compared by what its last reader needs", () => {
  const first = observe([], [ROW], T0).shapes;
  const observed = [{ endpoint: "usage", recognizer: null, fingerprint: fingerprintOf({ models: [ROW] }) }];
  const { shapes } = updateShapes(first, { observed, at: T1 });
  assert.deepEqual(shapes[0]?.drift.lostFigures, ["models", "tokens", "API cost"]);
  assert.equal(shapes[0]?.recognizer, "aggregated_usage_events");
});

Deno.test("pages of one endpoint count as one payload", () => {
  const first = observe([], [ROW], T0).shapes;
  const observed = [{ ...ROW, totalCents: null }, ROW].map((row) => ({
    endpoint: "usage",
    recognizer: "aggregated_usage_events",
    fingerprint: fingerprintOf({ aggregations: [row] }),
  }));
  assert.deepEqual(updateShapes(first, { observed, at: T1 }).news, []);
});
