import { type AnalyzedMonth, modelMatrix, monthlySpend, userMatrix } from "../../../domain/billing/analytics/months.ts";
import {
  billingSummary,
  expensiveModels,
  modelChoices,
  modelSpend,
  userSpend,
} from "../../../domain/billing/analytics/spend.ts";
import type { RollupRow } from "../../../domain/billing/rollup.ts";
import { micros } from "../../../domain/money.ts";
import assert from "node:assert/strict";

const MONTHS: readonly AnalyzedMonth[] = [
  { month: "2026-01", events: 14, isComplete: true },
  { month: "2026-02", events: 6, isComplete: true },
  { month: "2026-03", events: 1, isComplete: false },
];

/** Ada: 12 requests for 60 + 2; Ben: 8 for 12; Cleo: 1 for 3. Aurora costs 6 on average, mini 1, the team 77 / 21. */
const ROWS: readonly RollupRow[] = [
  row("2026-01", { user: "ada", model: "aurora", micros: 40, requests: 6 }),
  row("2026-01", { user: "ada", model: "mini", micros: 2, requests: 2 }),
  row("2026-01", { user: "ben", model: "mini", micros: 6, requests: 6 }),
  row("2026-02", { user: "ada", model: "aurora", micros: 20, requests: 4 }),
  row("2026-02", { user: "ben", model: "aurora", micros: 6, requests: 2 }),
  row("2026-03", { user: "cleo", model: "mini", micros: 3, requests: 1 }),
];

function row(month: string, fields: { user: string; model: string; micros: number; requests: number }): RollupRow {
  const tokens = {
    inputWithCacheWrite: 0,
    inputWithoutCacheWrite: 100,
    cacheRead: 0,
    output: 10 * fields.requests,
    total: 100 + 10 * fields.requests,
  };
  return { ...fields, month, micros: micros(fields.micros), tokens };
}

Deno.test("billingSummary() names the total, the current month, and who and what cost most", () => {
  const excluded = [{
    reason: "included",
    kind: "Included in Pro",
    user: "ada",
    events: 2,
    micros: micros(9),
  }] as const;
  assert.deepEqual(billingSummary(ROWS, { months: MONTHS, currentMonth: "2026-03", excluded }), {
    total: 77,
    currentMonth: 3,
    monthsAnalyzed: 3,
    costliestModel: "aurora",
    topUser: "ada",
    excluded: [{ reason: "included", events: 2, micros: 9 }],
  });
});

Deno.test("billingSummary() knows nothing of a month that was not fetched", () => {
  const summary = billingSummary([], { months: [], currentMonth: "2026-03", excluded: [] });
  assert.equal(summary.currentMonth, null);
  assert.equal(summary.topUser, null);
  assert.equal(summary.total, 0);
});

Deno.test("monthlySpend() compares each month with the one before", () => {
  assert.deepEqual(monthlySpend(ROWS, MONTHS).map(({ month, total, change }) => [month, total, change]), [
    ["2026-01", 48, null],
    ["2026-02", 26, { delta: -22, growthRatio: -22 / 48 }],
    ["2026-03", 3, { delta: -23, growthRatio: -23 / 26 }],
  ]);
});

Deno.test("monthlySpend() has no growth from nothing, and no change across a hole", () => {
  const months = ["2025-12", "2026-01", "2026-03"].map((month) => ({ month, events: 0, isComplete: true }));
  assert.deepEqual(monthlySpend(ROWS, months).map(({ change }) => change), [
    null,
    { delta: 48, growthRatio: null },
    null,
  ]);
});

Deno.test("userSpend() ranks users, with months, trend, most-used model and average", () => {
  const [ada, ben, cleo] = userSpend(ROWS, MONTHS);
  assert.deepEqual({ ...ada, months: ada?.months.map(({ micros }) => micros) }, {
    user: "ada",
    total: 62,
    requests: 12,
    tokens: 420,
    average: 5, // 62 / 12 = 5.17
    topModel: "aurora",
    months: [42, 20, 0],
    trend: { from: "2026-01", to: "2026-02", delta: -22, growthRatio: -22 / 42 },
  });
  assert.deepEqual([ben?.user, ben?.total, ben?.topModel, ben?.trend?.growthRatio], ["ben", 12, "mini", 0]);
  assert.deepEqual([cleo?.user, cleo?.trend], ["cleo", {
    from: "2026-01",
    to: "2026-02",
    delta: 0,
    growthRatio: null,
  }]);
});

Deno.test("modelSpend() ranks models, with tokens, requests, average and users", () => {
  const [aurora, mini] = modelSpend(ROWS, MONTHS);
  assert.deepEqual([aurora?.model, aurora?.total, aurora?.requests, aurora?.tokens, aurora?.average, aurora?.users], [
    "aurora",
    66,
    12,
    420,
    6, // 66 / 12 = 5.5, to the even 6
    2,
  ]);
  assert.deepEqual([mini?.model, mini?.total, mini?.requests, mini?.users], ["mini", 11, 9, 3]);
});

Deno.test("expensiveModels() lists who spends on models above the team's average", () => {
  assert.deepEqual(expensiveModels(ROWS), [{
    model: "aurora",
    total: 66,
    average: 6,
    users: [
      { user: "ada", micros: 60, requests: 10, requestShare: 10 / 12 },
      { user: "ben", micros: 6, requests: 2, requestShare: 0.25 },
    ],
  }]);
  assert.deepEqual(expensiveModels(ROWS.filter(({ model }) => model === "mini")), []);
});

Deno.test("modelChoices() tells who always picks the costliest models", () => {
  assert.deepEqual(modelChoices(ROWS).map((choice) => [choice.user, choice.expensiveShare, choice.isAlwaysExpensive]), [
    ["ada", 10 / 12, true],
    ["ben", 0.25, false],
    ["cleo", 0, false],
  ]);
  const twoRequests = modelChoices([
    ...ROWS,
    row("2026-01", { user: "dan", model: "aurora", micros: 12, requests: 2 }),
  ]);
  assert.deepEqual([twoRequests[0]?.user, twoRequests[0]?.isAlwaysExpensive], ["dan", false]);
});

Deno.test("modelMatrix() and userMatrix() cut each month by model and by user", () => {
  assert.deepEqual(modelMatrix(ROWS).map(({ month, model, micros, requests }) => [month, model, micros, requests]), [
    ["2026-01", "aurora", 40, 6],
    ["2026-01", "mini", 8, 8],
    ["2026-02", "aurora", 26, 6],
    ["2026-03", "mini", 3, 1],
  ]);
  assert.deepEqual(userMatrix(ROWS).map(({ month, user, micros, topModel }) => [month, user, micros, topModel]), [
    ["2026-01", "ada", 42, "aurora"],
    ["2026-01", "ben", 6, "mini"],
    ["2026-02", "ada", 20, "aurora"],
    ["2026-02", "ben", 6, "aurora"],
    ["2026-03", "cleo", 3, "mini"],
  ]);
});
