import { eventKindOf, exclusionOf, isBilledKind } from "../../../domain/readers/kind.ts";
import assert from "node:assert/strict";

Deno.test("every kind of the dashboard, the Admin API and the CSV export has one name", () => {
  const spellings = {
    USAGE_EVENT_KIND_UNSPECIFIED: "unspecified",
    USAGE_EVENT_KIND_USAGE_BASED: "usage_based",
    USAGE_EVENT_KIND_USER_API_KEY: "user_api_key",
    USAGE_EVENT_KIND_INCLUDED_IN_PRO: "included_in_pro",
    USAGE_EVENT_KIND_INCLUDED_IN_BUSINESS: "included_in_business",
    USAGE_EVENT_KIND_ERRORED_NOT_CHARGED: "errored",
    USAGE_EVENT_KIND_ABORTED_NOT_CHARGED: "aborted",
    USAGE_EVENT_KIND_CUSTOM_SUBSCRIPTION: "custom_subscription",
    USAGE_EVENT_KIND_INCLUDED_IN_PRO_PLUS: "included_in_pro_plus",
    USAGE_EVENT_KIND_INCLUDED_IN_ULTRA: "included_in_ultra",
    USAGE_EVENT_KIND_FREE_CREDIT: "free_credit",
    "Usage-based": "usage_based",
    "On-Demand": "usage_based",
    "On-demand": "usage_based",
    "Included in Business": "included_in_business",
    "Included in Pro": "included_in_pro",
    "Errored, Not Charged": "errored",
    "Errored, No Charge": "errored",
    "Aborted, Not Charged": "aborted",
    "User API Key": "user_api_key",
    "Included in Pro+": "included_in_pro_plus",
    "Included in Ultra": "included_in_ultra",
    "Included in Teams": "included_in_business",
    "Included in Start": "included",
    "Included in Teams Premium": "included",
    USAGE_EVENT_KIND_INCLUDED_IN_START: "included",
    Included: "included",
    Free: "free",
    free: "free",
    "Free trial": "free",
    Unknown: "unspecified",
    "": "unspecified",
  };
  const read = Object.fromEntries(Object.keys(spellings).map((text) => [text, eventKindOf(text)]));
  assert.deepEqual(read, spellings);
});

Deno.test("a kind that nobody has sent before is unknown and not billed", () => {
  assert.equal(eventKindOf("USAGE_EVENT_KIND_ERRORED_AND_CHARGED"), "unknown");
  assert.equal(eventKindOf("constructor"), "unknown");
  assert.equal(isBilledKind("unknown"), false);
  assert.equal(exclusionOf("unknown"), "unknown_kind");
});

Deno.test("only usage-based events are billed", () => {
  assert.equal(isBilledKind("usage_based"), true);
  for (const kind of ["included", "included_in_ultra", "free_credit", "user_api_key", "errored", "aborted"] as const) {
    assert.equal(isBilledKind(kind), false, kind);
  }
});
