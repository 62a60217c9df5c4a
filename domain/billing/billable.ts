import type { TokenCounts } from "../capture/usage.ts";
import { UnreadableField } from "../fields.ts";
import type { JsonObject } from "../json.ts";
import type { Micros } from "../money.ts";
import { chargeOf, emailOf, kindOf, serviceAccountOf, tokensOf } from "../readers/event.ts";
import { exclusionOf, type KindExclusion } from "../readers/kind.ts";

/** The bucket of events that name neither a person nor a service account. */
export const NO_EMAIL = "(no e-mail)";

/** Whom the event counts for: the e-mail in lower case, else the service account, else a named bucket. */
export function userOf(event: JsonObject): string {
  const email = emailOf(event);
  if (email !== "") return email.toLowerCase();
  const account = serviceAccountOf(event);
  return account === "" ? NO_EMAIL : `service account ${account}`;
}

/** Why an event is not billed, and how that is said to people. */
export const EXCLUSIONS = {
  included: "included in the plan",
  errored: "errored, not charged",
  aborted: "aborted, not charged",
  user_api_key: "paid with the user's own API key",
  free_credit: "free, or paid with free credit",
  custom_subscription: "part of a custom subscription",
  not_chargeable: "usage-based, but marked as not chargeable",
  no_kind: "of no stated kind",
  unknown_kind: "of a kind that is not known",
  unknown_cost: "usage-based, but without a cost",
  unreadable: "could not be read",
} as const satisfies Readonly<Record<KindExclusion | "unknown_cost" | "unreadable", string>>;
export type Exclusion = keyof typeof EXCLUSIONS;

/** What becomes of an event's cost. */
export type Billability =
  /** Tokens that are not told count as none. */
  | { readonly isBilled: true; readonly amount: Micros; readonly tokens: TokenCounts }
  /** The amount that was left out; null where nobody knows it. */
  | { readonly isBilled: false; readonly reason: Exclusion; readonly amount: Micros | null };

const NO_TOKENS: TokenCounts = {
  inputWithCacheWrite: 0,
  inputWithoutCacheWrite: 0,
  cacheRead: 0,
  output: 0,
  total: 0,
};

/**
 * Whether the event is billed on top of the plan. Its kind decides: included, free, errored and aborted events carry
 * costs and even `isChargeable: true`. Of usage-based events only those are left out that say `isChargeable: false`.
 * Never throws: one odd event must not cost a month.
 */
export function billableOf(event: JsonObject): Billability {
  const exclusion = exclusionOf(kindOf(event));
  try {
    const amount = chargeOf(event);
    if (exclusion !== null) return { isBilled: false, reason: exclusion, amount };
    if (amount === null) return { isBilled: false, reason: "unknown_cost", amount };
    return { isBilled: true, amount, tokens: tokensOf(event) ?? NO_TOKENS };
  } catch (error) {
    if (error instanceof UnreadableField) return { isBilled: false, reason: exclusion ?? "unreadable", amount: null };
    throw error;
  }
}
