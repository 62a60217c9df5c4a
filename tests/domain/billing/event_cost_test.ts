import { costParts, eventCost } from "../../../domain/billing/event.ts";
import { microsFromCents } from "../../../domain/money.ts";
import { rawEvent, without } from "./raw_events.ts";
import fc from "fast-check";
import assert from "node:assert/strict";

Deno.test("eventCost() takes chargedCents where present, whatever the parts say", () => {
  assert.equal(eventCost(rawEvent({ chargedCents: 21.5 })), 215_000);
  assert.equal(eventCost(rawEvent({ chargedCents: "21.5" })), 215_000);
  assert.equal(eventCost(rawEvent({ chargedCents: 0 })), 0);
});

Deno.test("eventCost() else adds the fee to the total", () => {
  const event = without(rawEvent({ tokenUsage: { totalCents: 20.18 }, cursorTokenFee: 1.18 }), "chargedCents");
  assert.equal(eventCost(event), 213_600);
  assert.equal(eventCost(without(event, "cursorTokenFee")), 201_800);
});

Deno.test("eventCost() takes the discount off the total, but not off the fee", () => {
  const tokenUsage = { totalCents: 50.05, discountPercentOff: "12.5" };
  const event = without(rawEvent({ tokenUsage, cursorTokenFee: 2 }), "chargedCents");
  assert.equal(eventCost(event), 457_938); // 500,500 × 0.875 = 437,937.5, to the even 437,938, and 20,000
  assert.equal(costParts(event).discount, 62_562);
});

Deno.test("eventCost() takes 'NaN', '-' and nothing for no value", () => {
  for (const chargedCents of ["NaN", "-", "", null]) {
    assert.equal(eventCost(rawEvent({ chargedCents })), 215_000);
  }
});

Deno.test("eventCost() is unknown, not zero, where there is neither an amount nor a token usage", () => {
  assert.equal(eventCost(without(rawEvent(), "chargedCents", "tokenUsage")), null);
  assert.equal(eventCost(without(rawEvent({ tokenUsage: {} }), "chargedCents", "cursorTokenFee")), 0);
});

Deno.test("eventCost() refuses what it cannot read", () => {
  assert.throws(() => eventCost(rawEvent({ chargedCents: "a lot" })), /Cannot read 'chargedCents'/);
  assert.throws(() => eventCost(rawEvent({ chargedCents: [1] })), /Cannot read 'chargedCents'/);
});

Deno.test("microsFromCents() reads a number as it reads the number's digits", () => {
  const cents = fc.oneof(
    fc.double({ noNaN: true, min: -1e9, max: 1e9 }),
    fc.integer({ min: -(2 ** 40), max: 2 ** 40 }).map((value) => value / 100_000), // among them all kinds of ties
    fc.float({ noNaN: true, min: -1e6, max: 1e6 }),
  );
  fc.assert(fc.property(cents, (value) => assert.equal(microsFromCents(value), microsFromCents(String(value)))), {
    numRuns: 2_000,
  });
});
