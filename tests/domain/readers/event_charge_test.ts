import { microsFromCents } from "../../../domain/money.ts";
import { chargeOf, discountOf } from "../../../domain/readers/event.ts";
import { rawEvent, without } from "../billing/raw_events.ts";
import fc from "fast-check";
import assert from "node:assert/strict";

Deno.test("chargeOf() takes chargedCents where present, whatever the parts say", () => {
  assert.equal(chargeOf(rawEvent({ chargedCents: 21.5 })), 215_000);
  assert.equal(chargeOf(rawEvent({ chargedCents: "21.5" })), 215_000);
  assert.equal(chargeOf(rawEvent({ chargedCents: 0 })), 0);
});

Deno.test("chargeOf() else adds the fee to the total", () => {
  const event = without(rawEvent({ tokenUsage: { totalCents: 20.18 }, cursorTokenFee: 1.18 }), "chargedCents");
  assert.equal(chargeOf(event), 213_600);
  assert.equal(chargeOf(without(event, "cursorTokenFee")), 201_800);
});

Deno.test("chargeOf() takes the discount off the total, but not off the fee", () => {
  const tokenUsage = { totalCents: 50.05, discountPercentOff: "12.5" };
  const event = without(rawEvent({ tokenUsage, cursorTokenFee: 2 }), "chargedCents");
  assert.equal(chargeOf(event), 457_938); // 500,500 × 0.875 = 437,937.5, to the even 437,938, and 20,000
  assert.equal(discountOf(event), 62_562);
});

Deno.test("chargeOf() takes 'NaN', '-' and nothing for no value", () => {
  for (const chargedCents of ["NaN", "-", "", null]) {
    assert.equal(chargeOf(rawEvent({ chargedCents })), 215_000);
  }
});

Deno.test("chargeOf() is unknown, not zero, where no amount is told", () => {
  assert.equal(chargeOf(without(rawEvent(), "chargedCents", "tokenUsage")), null);
  assert.equal(chargeOf(without(rawEvent({ tokenUsage: {} }), "chargedCents", "cursorTokenFee")), null);
});

Deno.test("chargeOf() refuses what it cannot read", () => {
  assert.throws(() => chargeOf(rawEvent({ chargedCents: "a lot" })), /Cannot read 'chargedCents'/);
  assert.throws(() => chargeOf(rawEvent({ chargedCents: [1] })), /Cannot read 'chargedCents'/);
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
