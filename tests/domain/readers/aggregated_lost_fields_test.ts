import type { Json } from "../../../domain/json.ts";
import { normalize } from "../../../domain/readers/normalize.ts";
import { CAPTURED_AT, json } from "./payloads.ts";
import assert from "node:assert/strict";

function read(aggregations: Json) {
  return normalize([json("get-aggregated-usage-events", { aggregations })], CAPTURED_AT);
}

Deno.test("a row that tells neither tokens nor a cost has an unknown cost, not zero", () => {
  const { usage } = read([{ modelIntent: "model-a", tier: 1 }]);
  assert.deepEqual(usage?.rows.map(({ apiCost, costBasis }) => [apiCost, costBasis]), [[null, "unknown"]]);
});

Deno.test("costs without any token count in the whole table are refused rather than shown beside zero tokens", () => {
  const { usage, problems } = read([{ modelIntent: "model-a", totalCents: 12.5, counts: { in: 5 } }]);
  assert.equal(usage, null);
  assert.equal(problems.length, 1);
});

Deno.test("one row with a cost and no tokens beside rows with tokens is read as it stands", () => {
  const { usage } = read([{ modelIntent: "model-a", totalCents: 12.5 }, { modelIntent: "model-b", inputTokens: "3" }]);
  assert.deepEqual(usage?.rows.map(({ apiCost }) => apiCost), [125_000, null]);
});

Deno.test("a negative cost or count, or a bound outside of time, is refused", () => {
  assert.equal(read([{ modelIntent: "a", inputTokens: "1", totalCents: -1 }]).usage, null);
  assert.equal(read([{ modelIntent: "a", inputTokens: "-1", totalCents: 1 }]).usage, null);
  assert.equal(read([{ modelIntent: "a", inputTokens: 2 ** 53 - 1, outputTokens: 1 }]).usage, null);
  const period = { billingCycleStart: "+275760-09-13T00:00:00Z", billingCycleEnd: "999999999999999" };
  assert.equal(normalize([json("get-current-period-usage", period)], CAPTURED_AT).problems.length, 1);
});
