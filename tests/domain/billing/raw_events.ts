import type { JsonObject } from "../../../domain/json.ts";

/** A billed event of 21.5 cents. */
export function rawEvent(fields: JsonObject = {}): JsonObject {
  return {
    timestamp: "1767607200000",
    userEmail: "ada@example.com",
    model: "aurora-4",
    kind: "Usage-based",
    isTokenBasedCall: true,
    isChargeable: true,
    tokenUsage: { inputTokens: 10, outputTokens: 20, cacheWriteTokens: 300, cacheReadTokens: 4000, totalCents: 20 },
    cursorTokenFee: 1.5,
    chargedCents: 21.5,
    ...fields,
  };
}

/** The event without some of its fields. */
export function without(event: JsonObject, ...fields: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(event).filter(([key]) => !fields.includes(key)));
}

/** A month whose totals are worked out by hand: 792,500 micros are billed, 4,220,000 are not. */
export function handWorkedMonth(): JsonObject[] {
  const requestPlan = without(rawEvent(), "tokenUsage", "cursorTokenFee");
  return [
    rawEvent(),
    without(
      rawEvent({ model: "comet-pro", tokenUsage: { inputTokens: 5, totalCents: 40, discountPercentOff: 10 } }),
      "chargedCents",
    ),
    { ...requestPlan, userEmail: "Ben@Example.com", isTokenBasedCall: false, requestsCosts: 2, chargedCents: 8 },
    without(rawEvent({ tokenUsage: { totalCents: "12.25" } }), "userEmail", "cursorTokenFee", "chargedCents"),
    rawEvent({ kind: "Errored, Not Charged", chargedCents: 411 }),
    rawEvent({ kind: "Included in Business", userEmail: "ben@example.com", chargedCents: 8 }),
    rawEvent({ kind: "Gifted", chargedCents: 3 }),
  ];
}
