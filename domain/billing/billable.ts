import { UnreadableField } from "../fields.ts";
import type { JsonObject } from "../json.ts";
import type { Micros } from "../money.ts";
import type { TokenCounts } from "../usage.ts";
import { eventCost } from "./event_cost.ts";
import { kindOf, tokensOf } from "./event_fields.ts";

/** Why an event is not billed, and how that is said to people. */
export const EXCLUSIONS = {
  included: "included in the plan",
  errored: "errored, not charged",
  aborted: "aborted, not charged",
  user_api_key: "paid with the user's own API key",
  free_credit: "paid with free credit",
  custom_subscription: "part of a custom subscription",
  not_chargeable: "usage-based, but marked as not chargeable",
  no_kind: "of no stated kind",
  unknown_kind: "of a kind that is not known",
  unknown_cost: "usage-based, but without a cost",
  unreadable: "could not be read",
} as const;
export type Exclusion = keyof typeof EXCLUSIONS;

/** What becomes of an event's cost. */
export type Verdict =
  | { readonly isBilled: true; readonly amount: Micros; readonly tokens: TokenCounts }
  /** The amount that was left out; null where nobody knows it. */
  | { readonly isBilled: false; readonly reason: Exclusion; readonly amount: Micros | null };

const KIND_STARTS: readonly (readonly [start: string, reason: Exclusion])[] = [
  ["included", "included"],
  ["errored", "errored"],
  ["aborted", "aborted"],
  ["user_api_key", "user_api_key"],
  ["free", "free_credit"],
  ["custom_subscription", "custom_subscription"],
  ["unspecified", "no_kind"],
];

/** Kinds as the Admin API writes them today: most events are of one, and taking a text apart costs more than the rest. */
const KNOWN_KINDS: ReadonlyMap<string, Exclusion | "billable"> = new Map([
  ["Usage-based", "billable"],
  ["Included in Business", "included"],
  ["Errored, Not Charged", "errored"],
  ["Aborted, Not Charged", "aborted"],
  ["User API Key", "user_api_key"],
]);

/**
 * Whether the event is billed on top of the plan. Its kind decides: included, free, errored and aborted events carry
 * costs and even `isChargeable: true`. Of usage-based events only those are left out that say `isChargeable: false`.
 * Never throws: one odd event must not cost a month.
 */
export function judge(event: JsonObject): Verdict {
  try {
    const reason = exclusionOf(event);
    const amount = eventCost(event);
    if (reason !== null) return { isBilled: false, reason, amount };
    if (amount === null) return { isBilled: false, reason: "unknown_cost", amount };
    return { isBilled: true, amount, tokens: tokensOf(event) };
  } catch (error) {
    if (error instanceof UnreadableField) return { isBilled: false, reason: "unreadable", amount: null };
    throw error;
  }
}

/** Why the event's kind keeps it from being billed; null where it does not. */
function exclusionOf(event: JsonObject): Exclusion | null {
  const kind = kindOf(event);
  const meaning = KNOWN_KINDS.get(kind) ?? meaningOf(plainKind(kind));
  if (meaning !== "billable") return meaning;
  return event["isChargeable"] === false ? "not_chargeable" : null;
}

function meaningOf(plain: string): Exclusion | "billable" {
  if (plain === "usage_based") return "billable";
  if (plain === "") return "no_kind";
  return KIND_STARTS.find(([start]) => plain.startsWith(start))?.[1] ?? "unknown_kind";
}

/** "Errored, Not Charged" and "USAGE_EVENT_KIND_ERRORED_NOT_CHARGED" are both "errored_not_charged". */
function plainKind(kind: string): string {
  return kind.replace(/^USAGE_EVENT_KIND_/i, "").toLowerCase().replace(/[^a-z0-9]+/g, "_").replace(/^_|_$/g, "");
}
