import { normalize } from "../../../domain/readers/normalize.ts";
import { CAPTURED_AT, EVERY_SHAPE, json } from "./payloads.ts";
import assert from "node:assert/strict";

const row = (totalCents: number) => ({ modelIntent: "model-a", inputTokens: "10", totalCents });

Deno.test("payloads that tell the same agree, with a cent's rounding between the page and the JSON", () => {
  const { recognized, problems, disagreements, usage } = normalize(EVERY_SHAPE, CAPTURED_AT);
  assert.deepEqual(problems, []);
  assert.equal(recognized.length, 10);
  assert.deepEqual(disagreements, []);
  assert.deepEqual(usage?.rows.map(({ model, apiCost }) => [model, apiCost]), [["model-a", 1_234_567], [
    "auto",
    15_000,
  ]]);
});

Deno.test("a table's own total that differs from its rows by more than a cent is recorded, and the rows are used", () => {
  const read = (totalCostCents: number) =>
    normalize([json("get-aggregated-usage-events", { aggregations: [row(12.5)], totalCostCents })], CAPTURED_AT);
  assert.deepEqual(read(13.5).disagreements, []);
  const { disagreements, usage } = read(13.6);
  assert.equal(usage?.rows[0]?.apiCost, 125_000);
  assert.deepEqual(disagreements, [{
    figure: "API cost of all models",
    trusted: { source: "aggregated_usage_events", value: "$0.12" },
    other: { source: "aggregated_usage_events", value: "$0.14" },
    difference: 11_000,
  }]);
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
  const { disagreements, usage } = normalize(
    [json("get-current-period-usage", period), json("usage-summary", summary), json("get-aggregated-usage-events", {})],
    CAPTURED_AT,
  );
  assert.equal(usage?.cycle.start?.toString(), "2026-05-03");
  assert.equal(usage?.pools[0]?.used, 1_000_000);
  assert.deepEqual(disagreements.map(({ figure, difference }) => [figure, difference]), [
    ["On-demand used", 20_000],
    ["billing cycle start", null],
  ]);
});

Deno.test("rows of other days than the cycle are compared with nothing", () => {
  const lastWeek = { startDate: "1778000000000", endDate: "1778576400000" };
  const { disagreements } = normalize([
    json("get-aggregated-usage-events", { aggregations: [row(500)] }),
    json("get-aggregated-usage-events", { aggregations: [row(100)] }, lastWeek),
  ], CAPTURED_AT);
  assert.deepEqual(disagreements, []);
});
