import { normalize } from "../../../domain/readers/normalize.ts";
import { CAPTURED_AT, EVERY_SHAPE, json } from "./payloads.ts";
import assert from "node:assert/strict";

Deno.test("every shape is read, and the JSON's own table is trusted before a flat list and the page", () => {
  const { payloads, problems, usage } = normalize(EVERY_SHAPE, CAPTURED_AT);
  assert.deepEqual(problems, []);
  assert.equal(new Set(payloads.map(({ recognizer }) => recognizer)).size, 10);
  assert.deepEqual(usage?.rows.map(({ model, apiCost }) => [model, apiCost]), [["model-a", 1_234_567], [
    "auto",
    15_000,
  ]]);
});

Deno.test("a table's own total, whatever it says, changes nothing of its rows", () => {
  const row = { modelIntent: "model-a", inputTokens: "10", totalCents: 12.5 };
  for (const totalCostCents of [12.5, 13.6, "many"]) {
    const aggregated = json("get-aggregated-usage-events", { aggregations: [row], totalCostCents });
    const { problems, usage } = normalize([aggregated], CAPTURED_AT);
    assert.deepEqual([problems, usage?.rows[0]?.apiCost], [[], 125_000]);
  }
});

Deno.test("the cycle and the pools of usage-summary are trusted before those of the current period", () => {
  const summary = {
    billingCycleStart: "2026-05-03T00:00:00Z",
    billingCycleEnd: "2026-06-03T00:00:00Z",
    individualUsage: {
      onDemand: { used: 100, limit: 1000 },
    },
  };
  const period = {
    billingCycleStart: "2026-05-04T00:00:00Z",
    billingCycleEnd: "2026-06-03T00:00:00Z",
    spendLimitUsage: {
      individualUsed: 102,
      individualLimit: 1000,
    },
  };
  const { usage } = normalize(
    [json("get-current-period-usage", period), json("usage-summary", summary), json("get-aggregated-usage-events", {})],
    CAPTURED_AT,
  );
  assert.equal(usage?.cycle.start?.toString(), "2026-05-03");
  assert.equal(usage?.pools[0]?.used, 1_000_000);
});
