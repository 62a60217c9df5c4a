import type { Pool } from "../../../domain/capture/usage.ts";
import type { Json, JsonObject } from "../../../domain/json.ts";
import { normalize } from "../../../domain/readers/normalize.ts";
import { CAPTURED_AT, EVERY_SHAPE, json } from "./payloads.ts";
import assert from "node:assert/strict";

const EMPTY_TABLE = json("get-aggregated-usage-events", {});
const BOUNDS = { billingCycleStart: "2026-05-03T10:20:30.000Z", billingCycleEnd: "2026-06-03T10:20:30.000Z" };

function summary(fields: JsonObject) {
  return normalize([EMPTY_TABLE, json("usage-summary", { ...BOUNDS, ...fields })], CAPTURED_AT);
}

function period(body: Json) {
  return normalize([EMPTY_TABLE, json("get-current-period-usage", body)], CAPTURED_AT);
}

function plain(pools: readonly Pool[] | undefined) {
  return pools?.map(({ name, percentUsed, used, limit }) => [name, percentUsed, used, limit]);
}

Deno.test("usage-summary of a person: two percent pools, what was consumed beyond the limit, and on-demand spend", () => {
  const { usage, limits, problems } = normalize([EMPTY_TABLE, EVERY_SHAPE[2] ?? null], CAPTURED_AT);
  assert.deepEqual(problems, []);
  assert.equal(usage?.membership, "pro");
  assert.equal(usage?.cycle.startAt?.toString(), "2026-05-03T10:20:30Z");
  assert.deepEqual(plain(usage?.pools), [
    ["Cursor Models", 5.5, null, null],
    ["Other Models", 100, null, null],
    ["Included usage", 31.25, 32_340_000, 20_000_000],
    ["On-demand", 8.025, 3_210_000, 40_000_000],
  ]);
  assert.deepEqual(limits, [
    { kind: "spend", name: "On-demand", limit: 40_000_000, isUnlimited: false, isAllowed: true },
  ]);
});

Deno.test("on-demand without a cap is unlimited, switched off it is not", () => {
  const onDemand = { enabled: true, used: 315_609, limit: null, remaining: null };
  const on = summary({ membershipType: "ultra", individualUsage: { onDemand } });
  const off = summary({ membershipType: "ultra", individualUsage: { onDemand: { ...onDemand, enabled: false } } });
  assert.deepEqual(plain(on.usage?.pools), [["On-demand", null, 3_156_090_000, null]]);
  assert.deepEqual(on.limits.map((limit) => limit.kind === "spend" && limit.isUnlimited), [true]);
  assert.deepEqual(off.limits.map((limit) => limit.kind === "spend" && limit.isUnlimited), [false]);
});

Deno.test("Enterprise has overall and pooled spend in place of a plan", () => {
  const { usage } = summary({
    membershipType: "enterprise",
    individualUsage: { overall: { enabled: true, used: 500, limit: 2000, remaining: 1500 } },
    teamUsage: { pooled: { enabled: true, used: 30_000, limit: 120_000, remaining: 90_000 } },
  });
  assert.deepEqual(plain(usage?.pools), [
    ["Overall", 25, 5_000_000, 20_000_000],
    ["Team pool", 25, 300_000_000, 1_200_000_000],
  ]);
});

Deno.test("individualUsage {} tells nothing, which is not 0 %", () => {
  for (const individualUsage of [{}, null]) {
    const { usage, problems } = summary({ membershipType: "team", individualUsage, teamUsage: {} });
    assert.deepEqual([usage?.pools, problems], [[], []]);
  }
});

Deno.test("a free plan's zeros are zeros; zeroed dollars beside a percentage are unknown", () => {
  const plan = { used: 0, limit: 0, remaining: 0, autoPercentUsed: 0, apiPercentUsed: 0, totalPercentUsed: 0 };
  const free = summary({ membershipType: "free", individualUsage: { plan } });
  const zeroed = summary({ membershipType: "pro", individualUsage: { plan: { ...plan, totalPercentUsed: 12 } } });
  assert.deepEqual(plain(free.usage?.pools)?.at(2), ["Included usage", 0, 0, 0]);
  assert.deepEqual(plain(zeroed.usage?.pools)?.at(2), ["Included usage", 12, null, null]);
});

Deno.test("current period: bounds as milliseconds or ISO text are the same cycle", () => {
  const asMs = period({ billingCycleStart: "1777803630000", billingCycleEnd: "1780482030000" });
  const asIso = period(BOUNDS);
  assert.equal(asMs.usage?.cycle.startAt?.toString(), "2026-05-03T10:20:30Z");
  assert.equal(asMs.usage?.cycle.endAt?.toString(), "2026-06-03T10:20:30Z");
  assert.deepEqual(JSON.stringify(asMs.usage?.cycle), JSON.stringify(asIso.usage?.cycle));
});

Deno.test("current period: a cycle that does not last is unknown, and without planUsage there are no pools", () => {
  const { usage, problems } = period({ billingCycleStart: "1777803630000", billingCycleEnd: "1777803630000" });
  assert.deepEqual([usage?.cycle.start, usage?.cycle.end, usage?.pools, problems], [null, null, [], []]);
});

Deno.test("current period: used is the difference where only limit and remaining are sent", () => {
  const { usage } = period({ ...BOUNDS, spendLimitUsage: { individualLimit: 10_000, individualRemaining: 9_000 } });
  assert.deepEqual(plain(usage?.pools), [["On-demand", 10, 10_000_000, 100_000_000]]);
});

Deno.test("the hard limit is in whole dollars, and the largest integer means none", () => {
  const limitOf = (body: Json) => normalize([json("get-hard-limit", body)], CAPTURED_AT).limits[0];
  const named = { kind: "spend", name: "Hard limit" };
  assert.deepEqual(limitOf({ hardLimit: 50, noUsageBasedAllowed: false }), {
    ...named,
    limit: 50_000_000,
    isUnlimited: false,
    isAllowed: true,
  });
  assert.deepEqual(limitOf({ hardLimit: 2147483647 }), { ...named, limit: null, isUnlimited: true, isAllowed: null });
  assert.deepEqual(limitOf({ noUsageBasedAllowed: true }), {
    ...named,
    limit: null,
    isUnlimited: false,
    isAllowed: false,
  });
});

Deno.test("the old request plan counts requests, not money; frozen at zero it tells nothing", () => {
  const usage = (numRequests: number, startOfMonth: string) =>
    normalize(
      [EMPTY_TABLE, json("usage", { "gpt-4": { numRequests, maxRequestUsage: 500 }, startOfMonth })],
      CAPTURED_AT,
    );
  const live = usage(12, "2026-05-03T10:20:30.000Z");
  assert.deepEqual(live.limits, [{ kind: "requests", name: "gpt-4", used: 12, limit: 500 }]);
  assert.equal(live.usage?.cycle.start?.toString(), "2026-05-03");
  assert.equal(usage(12, "2025-01-03T10:20:30.000Z").usage?.cycle.start, null);
  const frozen = usage(0, "2026-05-03T10:20:30.000Z");
  assert.deepEqual([frozen.limits, frozen.usage?.cycle.start], [[], null]);
});

Deno.test("an invoice's item without cents has no amount, and a credit is negative", () => {
  const items = [{ description: "a", cents: 28 }, { description: "b" }, { description: "credit", cents: -5 }];
  const { invoices } = normalize([json("get-monthly-invoice", { items }, { month: 5, year: 2026 })], CAPTURED_AT);
  assert.equal(invoices[0]?.month?.toString(), "2026-05");
  assert.deepEqual(invoices[0]?.items.map(({ amount }) => amount), [280_000, null, -50_000]);
});

Deno.test("nothing of auth/me is kept", () => {
  const normalized = normalize([EVERY_SHAPE[7] ?? null], CAPTURED_AT);
  assert.deepEqual(normalized.payloads.map(({ recognizer }) => recognizer), ["auth_me"]);
  assert.ok(!JSON.stringify(normalized).includes("ann@example.org"));
});
