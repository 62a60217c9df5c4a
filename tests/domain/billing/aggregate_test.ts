import { sumByReason } from "../../../domain/billing/ledger.ts";
import { MonthAggregator } from "../../../domain/billing/rollup.ts";
import { tryRead } from "../../../domain/fields.ts";
import type { JsonObject } from "../../../domain/json.ts";
import { sumMicros, ZERO } from "../../../domain/money.ts";
import { chargeOf } from "../../../domain/readers/event.ts";
import { handWorkedMonth, rawEvent, without } from "./raw_events.ts";
import fc from "fast-check";
import assert from "node:assert/strict";

const JANUARY = Temporal.PlainYearMonth.from("2026-01");

function rollUp(events: readonly JsonObject[]) {
  const aggregator = new MonthAggregator(JANUARY);
  for (const event of events) aggregator.add(event);
  return aggregator.result();
}

Deno.test("MonthAggregator sums by user and model, as worked out by hand", () => {
  const { rows, excluded, events } = rollUp(handWorkedMonth());
  assert.equal(events, 7);
  assert.deepEqual(rows.map(({ user, model, micros, requests }) => [user, model, micros, requests]), [
    ["(no e-mail)", "aurora-4", 122_500, 1],
    ["ada@example.com", "aurora-4", 215_000, 1],
    ["ada@example.com", "comet-pro", 375_000, 1],
    ["ben@example.com", "aurora-4", 80_000, 1],
  ]);
  assert.deepEqual(sumByReason(excluded), [
    { reason: "errored", events: 1, micros: 4_110_000 },
    { reason: "included", events: 1, micros: 80_000 },
    { reason: "unknown_kind", events: 1, micros: 30_000 },
  ]);
});

Deno.test("MonthAggregator keeps the four kinds of tokens apart, and adds them up", () => {
  const [row] = rollUp([rawEvent(), rawEvent({ tokenUsage: { inputTokens: "7" } })]).rows;
  assert.deepEqual(row?.tokens, {
    inputWithCacheWrite: 300,
    inputWithoutCacheWrite: 17,
    cacheRead: 4_000,
    output: 20,
    total: 4_337,
  });
  assert.equal(row?.month, "2026-01");
});

Deno.test("MonthAggregator counts events without e-mail for their service account, else in a named bucket", () => {
  const nobody = without(rawEvent(), "userEmail");
  const { rows } = rollUp([nobody, rawEvent({ userEmail: " " }), { ...nobody, serviceAccountId: "sa_9" }]);
  assert.deepEqual(rows.map(({ user, requests }) => [user, requests]), [["(no e-mail)", 2], [
    "service account sa_9",
    1,
  ]]);
});

Deno.test("sumByReason() keeps known amounts beside unknown ones", () => {
  const { excluded } = rollUp([
    without(rawEvent({ kind: "Free Credit" }), "chargedCents", "tokenUsage"),
    rawEvent({ kind: "Free Credit" }),
    rawEvent({ chargedCents: "a lot" }),
  ]);
  assert.deepEqual(sumByReason(excluded), [
    { reason: "free_credit", events: 2, micros: 215_000 },
    { reason: "unreadable", events: 1, micros: null },
  ]);
});

const anyEvent = fc.record({
  userEmail: fc.constantFrom("ada@example.com", "ben@example.com", "", null),
  model: fc.constantFrom("aurora-4", "comet-pro", "__proto__"),
  kind: fc.constantFrom("Usage-based", "Included in Pro", "Errored, Not Charged", "", "Gifted"),
  chargedCents: fc.option(fc.integer({ min: -1000, max: 10_000_000 }).map((milli) => milli / 1000)),
  tokenUsage: fc.record({ totalCents: fc.integer({ min: 0, max: 900_000 }).map((milli) => milli / 1000) }),
  cursorTokenFee: fc.constantFrom(0, 0.1, 0.2, "1.18", null),
});

Deno.test("every fetched cent that is known is billed or in the ledger, and the order of events plays no part", () => {
  fc.assert(fc.property(fc.array(anyEvent, { maxLength: 60 }), (events) => {
    const rollup = rollUp(events);
    const billed = sumMicros(rollup.rows.map((row) => row.micros)) ?? NaN;
    const excluded = sumMicros(rollup.excluded.map((entry) => entry.micros ?? ZERO)) ?? NaN;
    const known = events.map((event) => tryRead(() => chargeOf(event)) ?? ZERO);
    assert.equal(billed + excluded, sumMicros(known));
    const counted = [...rollup.rows.map((row) => row.requests), ...rollup.excluded.map((entry) => entry.events)];
    assert.equal(counted.reduce((sum, count) => sum + count, 0), events.length);
    assert.deepEqual(rollUp(events.toReversed()), rollup);
  }));
});
