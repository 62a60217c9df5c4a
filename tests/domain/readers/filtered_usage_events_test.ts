import type { UsageEvent } from "../../../domain/events/event.ts";
import type { Json, JsonObject } from "../../../domain/json.ts";
import { normalize } from "../../../domain/readers/normalize.ts";
import { CAPTURED_AT, EVERY_SHAPE, json } from "./payloads.ts";
import assert from "node:assert/strict";

const ENDPOINT = "get-filtered-usage-events";

function read(body: Json) {
  return normalize([json(ENDPOINT, body)], CAPTURED_AT);
}

function readEvent(fields: JsonObject): UsageEvent {
  const record = { timestamp: "1778500000123", model: "model-a", ...fields };
  const { windows, problems } = read({ totalUsageEventsCount: 1, usageEventsDisplay: [record] });
  assert.deepEqual(problems, []);
  const event = windows[0]?.events[0];
  assert.ok(event !== undefined);
  return event;
}

/** chargedCents, kind and what comes of them. */
function money({ cost, charged, costBasis }: UsageEvent) {
  return { api: cost.api, stated: cost.stated, charged, costBasis };
}

const TOKENS = { inputTokens: 100, outputTokens: "20" };

Deno.test("a usage-based event is billed at chargedCents", () => {
  const { windows } = normalize(EVERY_SHAPE, CAPTURED_AT);
  const event = windows[0]?.events[0];
  assert.ok(event !== undefined);
  assert.equal(event.at.epochMilliseconds, 1_778_500_000_123);
  assert.deepEqual(money(event), { api: 405_000, stated: 379_500, charged: 379_500, costBasis: "billed" });
  assert.deepEqual(event.tokens, {
    inputWithCacheWrite: 3,
    inputWithoutCacheWrite: 100,
    cacheRead: 4,
    output: 20,
    total: 127,
  });
  assert.deepEqual([event.requests, event.maxMode, event.cost.source], [3.5, true, "dashboard"]);
});

Deno.test("without chargedCents the discounted total plus the fee is billed", () => {
  // 40.167 cents × 0.9 = 36.1503 cents; + 1.18 cents = 37.3303 cents
  const kind = "USAGE_EVENT_KIND_USAGE_BASED";
  const tokenUsage = { ...TOKENS, totalCents: 40.167, discountPercentOff: 10 };
  assert.equal(readEvent({ kind, tokenUsage, cursorTokenFee: 1.18 }).charged, 373_303);
  assert.equal(readEvent({ kind, tokenUsage }).charged, 361_503);
});

Deno.test("without any cents the text beside the event is the amount, in dollars", () => {
  const kind = "USAGE_EVENT_KIND_USAGE_BASED";
  assert.equal(readEvent({ kind, tokenUsage: TOKENS, usageBasedCosts: "$0.12" }).charged, 120_000);
  assert.equal(readEvent({ kind, tokenUsage: TOKENS, usageBasedCosts: 0.12 }).charged, 120_000);
  for (const usageBasedCosts of ["-", "", null, "$0.00", "NaN"]) {
    const event = readEvent({ kind, tokenUsage: TOKENS, usageBasedCosts });
    assert.deepEqual([event.charged, event.costBasis], [null, "unknown"], String(usageBasedCosts));
  }
});

Deno.test("request units are not money: a request plan's event is billed at its cents", () => {
  const event = readEvent({ kind: "USAGE_EVENT_KIND_USAGE_BASED", requestsCosts: 2, chargedCents: 8 });
  assert.deepEqual([event.charged, event.requests], [80_000, 2]);
});

Deno.test("included, errored, aborted, free and unknown kinds are kept with their amount and never billed", () => {
  const kinds = ["INCLUDED_IN_ULTRA", "ERRORED_NOT_CHARGED", "ABORTED_NOT_CHARGED", "FREE_CREDIT", "BRAND_NEW"];
  for (const name of kinds) {
    const event = readEvent({ kind: `USAGE_EVENT_KIND_${name}`, chargedCents: 411, isChargeable: true });
    assert.deepEqual([event.cost.stated, event.charged], [4_110_000, null], name);
    assert.equal(event.kind.text, `USAGE_EVENT_KIND_${name}`);
  }
});

Deno.test("a usage-based event that says it is not chargeable is not billed; one that does not say is", () => {
  const event = { kind: "USAGE_EVENT_KIND_USAGE_BASED", chargedCents: 5 };
  const refused = readEvent({ ...event, isChargeable: false });
  assert.deepEqual([refused.kind.kind, refused.charged, refused.costBasis], ["not_chargeable", null, "included"]);
  assert.equal(readEvent(event).charged, 50_000);
});

Deno.test("tokens are unknown where tokenUsage is missing or empty, and an omitted count beside another is zero", () => {
  const kind = "USAGE_EVENT_KIND_INCLUDED_IN_PRO";
  assert.equal(readEvent({ kind }).tokens.total, null);
  assert.equal(readEvent({ kind, tokenUsage: {} }).tokens.total, null);
  assert.deepEqual(readEvent({ kind, tokenUsage: { outputTokens: "7" } }).tokens, {
    inputWithCacheWrite: 0,
    inputWithoutCacheWrite: 0,
    cacheRead: 0,
    output: 7,
    total: 7,
  });
});

Deno.test("a zeroed cost beside tokens is unknown", () => {
  const event = readEvent({
    kind: "USAGE_EVENT_KIND_USAGE_BASED",
    tokenUsage: { ...TOKENS, totalCents: 0 },
    chargedCents: 0,
  });
  assert.deepEqual(money(event), { api: null, stated: null, charged: null, costBasis: "unknown" });
});

Deno.test("an empty page, with its list or its total or without both, is a window without events", () => {
  for (const body of [{}, { totalUsageEventsCount: 0 }, { usageEventsDisplay: [] }, { totalUsageEventsCount: "0" }]) {
    const { windows, problems } = read(body);
    assert.deepEqual([windows.length, windows[0]?.events.length, problems], [1, 0, []]);
  }
});

Deno.test("the Admin API's page has users, who can be missing", () => {
  const event = { timestamp: "1778500000123", model: "m", kind: "Usage-based", chargedCents: 21.36232 };
  const { windows } = read({
    totalUsageEventsCount: 3,
    pagination: { numPages: 1 },
    usageEvents: [{ ...event, userEmail: "ann@example.org" }, { ...event, serviceAccountId: "sa_1" }, event],
  });
  assert.deepEqual(windows[0]?.events.map(({ user }) => user), ["ann@example.org", "sa_1", null]);
  assert.deepEqual(windows[0]?.events.map(({ charged }) => charged), [213_623, 213_623, 213_623]);
  assert.equal(windows[0]?.isComplete, true);
});

Deno.test("one event that cannot be read is reported and loses no other", () => {
  const good = { timestamp: "1778500000123", model: "m", kind: "USAGE_EVENT_KIND_USAGE_BASED", chargedCents: 5 };
  const { windows, problems } = read({
    usageEventsDisplay: [good, { ...good, timestamp: "soon" }, null, { ...good, chargedCents: "much" }],
  });
  assert.deepEqual(windows[0]?.events.map(({ charged, costBasis }) => [charged, costBasis]), [
    [50_000, "billed"],
    [null, "unknown"],
  ]);
  assert.equal(problems.length, 3);
  assert.match(problems[0] ?? "", /^filtered_usage_events: event 2: Cannot read 'timestamp'/);
});

Deno.test("pages of one request are one window", () => {
  const page = (number: number, timestamps: readonly string[]) =>
    json(
      ENDPOINT,
      { totalUsageEventsCount: 3, usageEventsDisplay: timestamps.map((timestamp) => ({ timestamp, model: "m" })) },
      { startDate: "1778000000000", endDate: "1778576400000", page: number, pageSize: 2 },
    );
  const pages = [page(2, ["1778500000001"]), page(1, ["1778500000003", "1778500000002"]), page(2, ["1778500000001"])];
  const { windows } = normalize(pages, CAPTURED_AT);
  assert.equal(windows.length, 1);
  assert.deepEqual([windows[0]?.events.length, windows[0]?.isComplete], [3, true]);
});

Deno.test("an events page over the last days is not taken for the billing cycle", () => {
  const { usage } = normalize([EVERY_SHAPE[1] ?? null], CAPTURED_AT);
  assert.equal(usage, null);
});
