import { billableOf } from "../../../domain/billing/billable.ts";
import { rawEvent, without } from "./raw_events.ts";
import assert from "node:assert/strict";

function reasonOf(event: ReturnType<typeof rawEvent>): string | null {
  const verdict = billableOf(event);
  return verdict.isBilled ? null : verdict.reason;
}

Deno.test("billableOf() bills usage-based events, however the kind is written", () => {
  for (const kind of ["Usage-based", "USAGE_EVENT_KIND_USAGE_BASED", "usage based"]) {
    assert.equal(reasonOf(rawEvent({ kind })), null, kind);
  }
});

Deno.test("billableOf() bills request-plan events, which are not token-based, and those that omit isChargeable", () => {
  assert.equal(reasonOf(rawEvent({ isTokenBasedCall: false })), null);
  assert.equal(reasonOf(without(rawEvent(), "isChargeable", "isTokenBasedCall")), null);
});

Deno.test("billableOf() lets the kind decide, and not isChargeable or a cost", () => {
  const reasons = {
    "Included in Business": "included",
    "USAGE_EVENT_KIND_INCLUDED_IN_ULTRA": "included",
    "Errored, Not Charged": "errored",
    "Errored, No Charge": "errored",
    "Aborted, Not Charged": "aborted",
    "User API Key": "user_api_key",
    "Free Credit": "free_credit",
    "USAGE_EVENT_KIND_CUSTOM_SUBSCRIPTION": "custom_subscription",
    "USAGE_EVENT_KIND_UNSPECIFIED": "no_kind",
    "": "no_kind",
    "Gifted": "unknown_kind",
  };
  for (const [kind, reason] of Object.entries(reasons)) {
    assert.deepEqual(billableOf(rawEvent({ kind })), { isBilled: false, reason, amount: 215_000 }, kind);
  }
});

Deno.test("billableOf() leaves out what says that it is not chargeable, has no cost, or cannot be read", () => {
  assert.equal(reasonOf(rawEvent({ isChargeable: false })), "not_chargeable");
  const unknown = billableOf(without(rawEvent(), "chargedCents", "tokenUsage"));
  assert.deepEqual(unknown, { isBilled: false, reason: "unknown_cost", amount: null });
  assert.equal(reasonOf(rawEvent({ chargedCents: "a lot" })), "unreadable");
  assert.equal(reasonOf(rawEvent({ tokenUsage: { inputTokens: -1 } })), "unreadable");
});
