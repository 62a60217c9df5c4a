import { billableOf } from "../../../domain/billing/billable.ts";
import type { UsageEvent } from "../../../domain/events/event.ts";
import { UnreadableField } from "../../../domain/fields.ts";
import type { Json, JsonObject } from "../../../domain/json.ts";
import { readCsvEvents } from "../../../domain/readers/csv.ts";
import { discountOf, eventOf } from "../../../domain/readers/event.ts";
import fc from "fast-check";
import assert from "node:assert/strict";

const READ_AT = Temporal.Instant.from("2026-11-21T10:00:00Z");
const TOKENS = { inputTokens: 100, outputTokens: "20" };

function rawOf(fields: JsonObject): JsonObject {
  return { timestamp: "1778500000123", model: "model-a", kind: "Usage-based", ...fields };
}

/** What one's own account sees of an event, and what could not be read. */
function readOwn(fields: JsonObject): { event: UsageEvent; problems: string[] } {
  return readRaw(rawOf(fields));
}

function readRaw(raw: JsonObject): { event: UsageEvent; problems: string[] } {
  const problems: string[] = [];
  const report = (problem: string) => problems.push(problem);
  return { event: eventOf(raw, { readAt: READ_AT, source: "dashboard", report }), problems };
}

/** The charge of an event that both halves bill alike; the reason where neither does. */
function chargeOfBoth(fields: JsonObject): number | string {
  const { event } = readOwn(fields);
  const verdict = billableOf(rawOf(fields));
  assert.equal(event.charged, verdict.isBilled ? verdict.amount : null);
  return verdict.isBilled ? verdict.amount : verdict.reason;
}

Deno.test("on-demand is another word for usage-based", () => {
  for (const kind of ["On-demand", "On-Demand", "on demand", "USAGE_EVENT_KIND_ON_DEMAND", "Usage-based"]) {
    assert.equal(chargeOfBoth({ kind, chargedCents: 21.5 }), 215_000, kind);
  }
});

Deno.test("a discount counts with all of its digits", () => {
  // 1,000 c × (1 − 0.1234567) = 876.5433 c
  const tokenUsage = { ...TOKENS, totalCents: 1000, discountPercentOff: 12.34567 };
  assert.equal(chargeOfBoth({ tokenUsage }), 8_765_433);
  // 876.5433 c + 1.18 c = 877.7233 c
  assert.equal(chargeOfBoth({ tokenUsage, cursorTokenFee: 1.18 }), 8_777_233);
  assert.equal(chargeOfBoth({ tokenUsage: { ...tokenUsage, totalCents: "$10" } }), 8_765_433);
  // 1,000 c − 876.5433 c = 123.4567 c
  assert.equal(discountOf({ tokenUsage }), 1_234_567);
});

Deno.test("total, discount and fee are rounded once, half to even", () => {
  // 0.00014 c + 0.00014 c = 2.8 micros; each for itself they would be 1 and 1
  assert.equal(chargeOfBoth({ tokenUsage: { ...TOKENS, totalCents: 0.00014 }, cursorTokenFee: 0.00014 }), 3);
  // 0.00025 c + 0.0001 c = 3.5 micros, to the even 4; each for itself 2 and 1
  assert.equal(chargeOfBoth({ tokenUsage: { ...TOKENS, totalCents: 0.00025 }, cursorTokenFee: "0.0001" }), 4);
  // 0.0003 c × 0.5 + 0.0001 c = 2.5 micros, to the even 2
  const tokenUsage = { ...TOKENS, totalCents: 0.0003, discountPercentOff: 50 };
  assert.equal(chargeOfBoth({ tokenUsage, cursorTokenFee: 0.0001 }), 2);
});

Deno.test("a discount beyond 0 to 100 per cent is unreadable: the charge is unknown, not negative", () => {
  for (const discountPercentOff of [120, "100.1", -5, "half"]) {
    const fields = { tokenUsage: { ...TOKENS, totalCents: 1000, discountPercentOff }, cursorTokenFee: 1.5 };
    assert.equal(chargeOfBoth(fields), "unreadable", String(discountPercentOff));
    const { event, problems } = readOwn(fields);
    assert.deepEqual([event.cost.api, event.cost.stated, event.costBasis], [10_000_000, null, "unknown"]);
    assert.equal(problems.length, 1);
    assert.match(problems[0] ?? "", /^Cannot read 'discountPercentOff' as it must be a percentage/);
    assert.equal(chargeOfBoth({ ...fields, chargedCents: 37.33 }), 373_300);
  }
  // 1,000 c × 0 + 1.5 c
  const whole = { ...TOKENS, totalCents: 1000, discountPercentOff: 100 };
  assert.equal(chargeOfBoth({ tokenUsage: whole, cursorTokenFee: 1.5 }), 15_000);
});

Deno.test("a charge of zero beside tokens is a zeroed field, except where the list price is told", () => {
  assert.equal(chargeOfBoth({ chargedCents: 0, tokenUsage: TOKENS }), "unknown_cost");
  assert.equal(chargeOfBoth({ chargedCents: 0, tokenUsage: { ...TOKENS, totalCents: 0 } }), "unknown_cost");
  assert.equal(chargeOfBoth({ chargedCents: 0 }), "unknown_cost");
  assert.equal(chargeOfBoth({ chargedCents: 0, tokenUsage: { ...TOKENS, totalCents: 20 } }), 0);
  assert.equal(chargeOfBoth({ chargedCents: 0, tokenUsage: { inputTokens: "0", outputTokens: 0 } }), 0);
});

Deno.test("a charge is unknown where neither it nor the list price is told, whatever the fee is", () => {
  for (const tokenUsage of [TOKENS, { ...TOKENS, totalCents: 0 }, { ...TOKENS, totalCents: "-" }, {}, null]) {
    assert.equal(chargeOfBoth({ tokenUsage, cursorTokenFee: 1.18 }), "unknown_cost", JSON.stringify(tokenUsage));
  }
});

Deno.test("usageBasedCosts alone is the charge, in dollars and without the fee", () => {
  assert.equal(chargeOfBoth({ tokenUsage: TOKENS, usageBasedCosts: "$0.12" }), 120_000);
  assert.equal(chargeOfBoth({ tokenUsage: TOKENS, usageBasedCosts: "$0.12", chargedCents: 0 }), 120_000);
  // $0.12 + 1.18 c = 13.18 c
  assert.equal(chargeOfBoth({ tokenUsage: TOKENS, usageBasedCosts: 0.12, cursorTokenFee: 1.18 }), 131_800);
  // 20 c + 1.5 c: a list price tells more than a text that is rounded to cents
  const tokenUsage = { ...TOKENS, totalCents: 20 };
  assert.equal(chargeOfBoth({ tokenUsage, usageBasedCosts: "$0.12", cursorTokenFee: 1.5 }), 215_000);
});

Deno.test("'Included' as chargedCents is no amount, and the parts do not stand for it", () => {
  const fields = { chargedCents: "Included", tokenUsage: { ...TOKENS, totalCents: 20 }, cursorTokenFee: 1.5 };
  assert.equal(chargeOfBoth(fields), "unknown_cost");
  assert.equal(chargeOfBoth({ ...fields, kind: "Included in Pro" }), "included");
  const { event, problems } = readOwn({ ...fields, kind: "Included in Pro" });
  assert.deepEqual([event.cost.api, event.cost.stated, event.saidIncluded], [200_000, null, true]);
  assert.deepEqual(problems, []);
});

Deno.test("whatever is free is not billed, and its cost is known to be covered", () => {
  for (const kind of ["Free trial", "Free", "free", "Free Credit", "USAGE_EVENT_KIND_FREE_CREDIT"]) {
    assert.equal(chargeOfBoth({ kind, chargedCents: 21.5 }), "free_credit", kind);
    assert.equal(readOwn({ kind, chargedCents: 21.5 }).event.costBasis, "included", kind);
  }
});

Deno.test("whatever is included is not billed, under any plan's name, which is kept", () => {
  const plans = [
    "Included in Starter",
    "Included in Start",
    "Included in Teams Premium",
    "included",
    "Included in Pro+",
  ];
  for (const kind of plans) {
    assert.equal(chargeOfBoth({ kind, chargedCents: 21.5, isChargeable: true }), "included", kind);
    const { event } = readOwn({ kind, chargedCents: 21.5 });
    assert.deepEqual([event.kind.text, event.costBasis, event.cost.stated], [kind, "included", 215_000]);
  }
});

Deno.test("an unknown kind is kept with its amount and never billed", () => {
  for (const kind of ["Gifted", "USAGE_EVENT_KIND_BRAND_NEW", "Includedness", 7]) {
    assert.equal(chargeOfBoth({ kind, chargedCents: 3, isChargeable: true }), "unknown_kind", String(kind));
    assert.deepEqual(billableOf(rawOf({ kind, chargedCents: 3 })), {
      isBilled: false,
      reason: "unknown_kind",
      amount: 30_000,
    });
    assert.equal(readOwn({ kind, chargedCents: 3 }).event.kind.text, String(kind));
  }
});

Deno.test("a negative charge is unreadable, as number and as text", () => {
  for (const chargedCents of [-5, "-5", "-$0.05"]) {
    assert.equal(chargeOfBoth({ chargedCents, tokenUsage: { ...TOKENS, totalCents: 20 } }), "unreadable");
  }
});

Deno.test("an unreadable charge loses neither the list price nor the reason why the event is not billed", () => {
  const fields = { chargedCents: "a lot", tokenUsage: { ...TOKENS, totalCents: 20 } };
  assert.equal(chargeOfBoth(fields), "unreadable");
  assert.equal(chargeOfBoth({ ...fields, kind: "Included in Business" }), "included");
  const { event, problems } = readOwn(fields);
  assert.deepEqual([event.cost.api, event.cost.stated, event.tokens.total], [200_000, null, 120]);
  assert.equal(problems.length, 1);
});

Deno.test("an unreadable list price is told once", () => {
  const { event, problems } = readOwn({ tokenUsage: { ...TOKENS, totalCents: "dear" } });
  assert.deepEqual([event.cost.api, event.cost.stated], [null, null]);
  assert.deepEqual(problems, [
    `Cannot read 'totalCents' as it must be an amount such as "$1,234.56" or a number: current value is "dear"`,
  ]);
});

Deno.test("an event whose model is omitted is kept in a named bucket", () => {
  assert.equal(readOwn({ model: "", chargedCents: 5 }).event.model, "(no model)");
  assert.equal(chargeOfBoth({ model: null, chargedCents: 5 }), 50_000);
});

Deno.test("a kind means the same in JSON and in a CSV export", async () => {
  const kinds = ["On-demand", "Included in Starter", "Included in Pro+", "Free trial", "Errored, No Charge", "Gifted"];
  const header = ["Date", "Kind", "Model", "Total Tokens", "Cost"];
  const rows = kinds.map((kind) => ["2026-05-11T11:46:40.123Z", kind, "model-a", "120", "0.20"]);
  const { events, faults } = await readCsvEvents(
    [header, ...rows].map((cells, at) => ({ line: at + 1, cells })),
    { file: "usage.csv" },
  );
  assert.deepEqual(faults, []);
  const tokenUsage = { ...TOKENS, totalCents: 20 };
  for (const [at, kind] of kinds.entries()) {
    const { event } = readOwn({ kind, tokenUsage });
    const [own, exported] = [event, events[at]].map((each) => [each?.kind.kind, each?.charged, each?.costBasis]);
    assert.deepEqual(exported, own, kind);
  }
  assert.deepEqual(events.map(({ charged }) => charged), [200_000, null, null, null, null, null]);
});

const anyAmount = fc.oneof(
  fc.constantFrom<(Json | undefined)[]>(undefined, null, 0, "0", "", "-", "NaN", "Included", "much", -3, [1], true),
  fc.integer({ min: 0, max: 10_000_000 }).map((milli) => milli / 1000),
  fc.double({ noNaN: true, min: 0, max: 1e5 }),
  fc.integer({ min: 0, max: 99_999 }).map((cents) => `$${cents / 100}`),
);
const anyTokens = fc.constantFrom<(Json | undefined)[]>(undefined, 0, "0", 12, "345", -1, "many");
const anyFields = fc.record({
  kind: fc.constantFrom<(Json | undefined)[]>(
    "Usage-based",
    "On-Demand",
    "Included in X",
    "Free",
    "Gifted",
    7,
    undefined,
  ),
  isChargeable: fc.constantFrom<(Json | undefined)[]>(undefined, true, false, "false"),
  chargedCents: anyAmount,
  cursorTokenFee: anyAmount,
  usageBasedCosts: anyAmount,
  tokenUsage: fc.option(fc.record({
    inputTokens: anyTokens,
    outputTokens: anyTokens,
    totalCents: anyAmount,
    discountPercentOff: anyAmount,
  })),
});

Deno.test("property: an event has the same charge for its account and on a team's bill", () => {
  fc.assert(
    fc.property(anyFields, (fields) => {
      const raw: JsonObject = JSON.parse(JSON.stringify({ timestamp: "1778500000123", model: "model-a", ...fields }));
      const verdict = billableOf(raw);
      try {
        const { event } = readRaw(raw);
        assert.equal(event.charged, verdict.isBilled ? verdict.amount : null);
        assert.ok(event.charged === null || event.charged >= 0);
      } catch (error) {
        if (!(error instanceof UnreadableField)) throw error;
        assert.equal(verdict.isBilled, false);
      }
    }),
    { numRuns: 2_000 },
  );
});
