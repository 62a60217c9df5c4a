import { CycleTally } from "../../../domain/billing/reconcile.ts";
import type { JsonObject } from "../../../domain/json.ts";
import { microsFromCents } from "../../../domain/money.ts";
import { rawEvent } from "./raw_events.ts";
import assert from "node:assert/strict";

const CYCLE_START = Temporal.Instant.from("2026-01-05T00:00:00Z");
const BEFORE = String(Temporal.Instant.from("2026-01-04T23:59:59.999Z").epochMilliseconds);

/** One event of 21.5 cents in the cycle, in which are a fee of 1.5 cents and a discount of 5 cents. */
const IN_CYCLE = rawEvent({ tokenUsage: { totalCents: 25, discountPercentOff: 20 } });

function explain(reportedCents: number, events: readonly JsonObject[]) {
  const tally = new CycleTally(CYCLE_START);
  for (const event of events) tally.add(event);
  const [found] = tally.compare([{ user: "ada@example.com", onDemand: microsFromCents(reportedCents) }]);
  return found?.explanations.map(({ cause, micros }) => ["reason" in cause ? cause.reason : cause.kind, micros]);
}

Deno.test("CycleTally finds no difference where there is none", () => {
  assert.deepEqual(explain(21.5, [IN_CYCLE]), []);
});

Deno.test("CycleTally explains a fee, a discount, another boundary and an excluded kind to the cent", () => {
  assert.deepEqual(explain(20, [IN_CYCLE]), [["fee", -15_000]]);
  assert.deepEqual(explain(26.5, [IN_CYCLE]), [["discount", 50_000]]);
  assert.deepEqual(explain(43, [IN_CYCLE, rawEvent({ timestamp: BEFORE })]), [["cycle_boundary", 215_000]]);
  const errored = rawEvent({ kind: "Errored, Not Charged", chargedCents: 411 });
  assert.deepEqual(explain(432.5, [IN_CYCLE, errored]), [["errored", 4_110_000]]);
});

Deno.test("CycleTally finds several causes at once", () => {
  const errored = rawEvent({ kind: "Errored, Not Charged", chargedCents: 411 });
  assert.deepEqual(explain(431, [IN_CYCLE, errored]), [["fee", -15_000], ["errored", 4_110_000]]);
});

Deno.test("CycleTally calls fractions of a cent rounding, more spend late rows, and less spend unexplained", () => {
  assert.deepEqual(explain(21.6, [IN_CYCLE]), [["rounding", 1_000]]);
  assert.deepEqual(explain(99.5, [IN_CYCLE]), [["late_rows", 780_000]]);
  assert.deepEqual(explain(11.5, [IN_CYCLE]), [["unexplained", -100_000]]);
});

Deno.test("CycleTally lists users that are no members, without a difference", () => {
  const tally = new CycleTally(CYCLE_START);
  tally.add(rawEvent({ userEmail: null, serviceAccountId: "sa_9" }));
  assert.deepEqual(tally.compare([{ user: "ben@example.com", onDemand: microsFromCents(0) }]), [
    { user: "ben@example.com", reported: 0, counted: 0, difference: 0, explanations: [] },
    { user: "service account sa_9", reported: null, counted: 215_000, difference: null, explanations: [] },
  ]);
});
