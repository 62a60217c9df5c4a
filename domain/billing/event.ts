import type { TokenCounts } from "../capture/usage.ts";
import { readCents, readCount, readInstant, readObject, readPercent, UnreadableField } from "../fields.ts";
import type { Json, JsonObject } from "../json.ts";
import { type Micros, micros, microsFromCents, scaleMicros, ZERO } from "../money.ts";

/** The bucket of events that name neither a person nor a service account. */
export const NO_EMAIL = "(no e-mail)";
/** The bucket of events that name no model. */
const NO_MODEL = "(no model)";

/** Whom the event counts for: the e-mail in lower case, else the service account, else a named bucket. */
export function userOf(event: JsonObject): string {
  const email = textOf(event["userEmail"]);
  if (email !== "") return email.toLowerCase();
  const account = textOf(event["serviceAccountId"]);
  return account === "" ? NO_EMAIL : `service account ${account}`;
}

/** Whether a person made the request. */
export function hasEmail(event: JsonObject): boolean {
  return textOf(event["userEmail"]) !== "";
}

/** The model as Cursor names it. */
export function modelOf(event: JsonObject): string {
  return textOf(event["model"]) || NO_MODEL;
}

/** The kind as Cursor writes it; empty where it is missing. */
export function kindOf(event: JsonObject): string {
  return textOf(event["kind"]);
}

/** Epoch milliseconds of the request; null where the event has no time that can be read. */
export function timeMsOf(event: JsonObject): number | null {
  try {
    return readInstant(event["timestamp"], "timestamp")?.epochMilliseconds ?? null;
  } catch (error) {
    if (error instanceof UnreadableField) return null;
    throw error;
  }
}

/** Its tokens; what is omitted is zero. @throws UnreadableField for a negative count or other text. */
function tokensOf(event: JsonObject): TokenCounts {
  const usage = readObject(event, "tokenUsage");
  const inputWithCacheWrite = count(usage["cacheWriteTokens"], "cacheWriteTokens");
  const inputWithoutCacheWrite = count(usage["inputTokens"], "inputTokens");
  const cacheRead = count(usage["cacheReadTokens"], "cacheReadTokens");
  const output = count(usage["outputTokens"], "outputTokens");
  const total = inputWithCacheWrite + inputWithoutCacheWrite + cacheRead + output;
  return { inputWithCacheWrite, inputWithoutCacheWrite, cacheRead, output, total };
}

function count(value: Json | undefined, field: string): number {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
  return readCount(value, field) ?? 0;
}

function textOf(value: Json | undefined): string {
  return typeof value === "string" ? value.trim() : "";
}

/** One per cent in the unit that discounts are counted in: ten-thousandths of a per cent stay exact. */
const PERCENT_UNITS = 10_000;

/** Where an event's cost comes from. */
interface CostParts {
  /** "chargedCents": the amount that Cursor bills; null where it is not told. */
  readonly charged: Micros | null;
  /** What the tokens cost before any discount; null where it is not told. */
  readonly listPrice: Micros | null;
  readonly discount: Micros;
  readonly fee: Micros;
}

/**
 * What the event costs, whoever pays for it: `chargedCents` where present, else the discounted `totalCents` plus the
 * fee. Null where neither is told. Whether it is billed is another question: see `judge`.
 * @throws UnreadableField where a field holds something that no known generation of the API has sent.
 */
export function eventCost(event: JsonObject): Micros | null {
  const charged = cents(event["chargedCents"], "chargedCents");
  if (charged !== null) return charged;
  const { listPrice, discount, fee } = costParts(event);
  return listPrice === null ? null : micros(listPrice - discount + fee);
}

/** The parts of the event's cost, to explain a difference with. @throws UnreadableField as `eventCost` does. */
export function costParts(event: JsonObject): CostParts {
  const listPrice = listPriceOf(event["tokenUsage"]);
  return {
    charged: cents(event["chargedCents"], "chargedCents"),
    listPrice,
    discount: listPrice === null ? ZERO : discountOf(listPrice, event),
    fee: cents(event["cursorTokenFee"], "cursorTokenFee") ?? ZERO,
  };
}

/** An omitted `totalCents` is a zero where there is a `tokenUsage`; without one nobody knows. */
function listPriceOf(usage: Json | undefined): Micros | null {
  if (usage === undefined || usage === null) return null;
  return cents(readObject({ tokenUsage: usage }, "tokenUsage")["totalCents"], "totalCents") ?? ZERO;
}

function discountOf(listPrice: Micros, event: JsonObject): Micros {
  const percent = readPercent(readObject(event, "tokenUsage")["discountPercentOff"], "discountPercentOff") ?? 0;
  if (percent === 0) return ZERO;
  if (percent > 100) throw new UnreadableField("discountPercentOff", percent, "a percentage up to 100");
  const paid = scaleMicros(listPrice, {
    numerator: 100 * PERCENT_UNITS - Math.round(percent * PERCENT_UNITS),
    denominator: 100 * PERCENT_UNITS,
  });
  return micros(listPrice - paid);
}

function cents(value: Json | undefined, field: string): Micros | null {
  if (typeof value !== "number") return readCents(value, field);
  const amount = microsFromCents(value);
  if (amount === null) throw new UnreadableField(field, value, "an amount of cents");
  return amount;
}

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
export type Billability =
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
export function billableOf(event: JsonObject): Billability {
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
