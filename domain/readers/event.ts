import {
  type CostReading,
  type EventSource,
  type EventTokens,
  UNKNOWN_TOKENS,
  type UsageEvent,
  usageEvent,
} from "../events/event.ts";
import { modelName, readCount, readInstant, readMoney, readObject, readPercent, UnreadableField } from "../fields.ts";
import { isJsonObject, type Json, type JsonObject } from "../json.ts";
import { divideHalfEven, type Micros, micros } from "../money.ts";
import { chargeableKind, eventKindOf, isBilledKind } from "./kind.ts";
import { tokenCounts } from "./row.ts";

const TOKEN_FIELDS = ["cacheWriteTokens", "inputTokens", "cacheReadTokens", "outputTokens"] as const;

/** When and where an event was read. */
export interface EventContext {
  readonly readAt: Temporal.Instant;
  readonly source: EventSource;
  /** Told where a cost cannot be read: the event is kept, its cost is unknown. */
  readonly report: (problem: string) => void;
}

/**
 * One event of the dashboard's or the Admin API's JSON. What is billed is decided by its kind; `requestsCosts` are
 * request units. @throws UnreadableField where it has no time or model, or a value of another type.
 */
export function eventOf(record: Json, context: EventContext): UsageEvent {
  if (!isJsonObject(record)) throw new UnreadableField("event", record, "an object");
  const at = readInstant(record["timestamp"], "timestamp");
  if (at === null) throw new UnreadableField("timestamp", record["timestamp"] ?? null, "a time");
  const model = record["model"];
  if (typeof model !== "string" || model.trim() === "") {
    throw new UnreadableField("model", model ?? null, "a model's name");
  }
  const usage = readObject(record, "tokenUsage");
  const tokens = tokensOf(usage);
  const text = textOf(record["kind"]);
  const kind = chargeableKind(eventKindOf(text), record["isChargeable"] === false ? false : null);
  return usageEvent({
    at,
    user: userOf(record),
    model: modelName(model),
    tokens,
    kind: { readAt: context.readAt, kind, text },
    cost: costOf(record, { usage, tokens, context }),
    saidIncluded: !isBilledKind(kind) && /^(included|free)\b/i.test(textOf(record["usageBasedCosts"]).trim()),
    requests: unitsOf(record["requestsCosts"]),
    maxMode: typeof record["maxMode"] === "boolean" ? record["maxMode"] : null,
  });
}

function costOf(
  record: JsonObject,
  { usage, tokens, context }: { usage: JsonObject; tokens: EventTokens; context: EventContext },
): CostReading {
  const { readAt, source, report } = context;
  try {
    const api = nonZeroed(amount(usage, "totalCents"), tokens);
    return { readAt, source, api, stated: statedCharge(record, { usage, api, tokens }) };
  } catch (error) {
    if (!(error instanceof UnreadableField)) throw error;
    report(error.message);
    return { readAt, source, api: null, stated: null };
  }
}

/** Tokens that are not told (`tokenUsage` missing or `{}`) are unknown; beside a count, a missing one is an omitted zero. */
function tokensOf(usage: JsonObject): EventTokens {
  const [write, input, read, output] = TOKEN_FIELDS.map((field) => readCount(usage[field], field));
  if (![write, input, read, output].some((count) => typeof count === "number")) return UNKNOWN_TOKENS;
  return tokenCounts({
    inputWithCacheWrite: write ?? null,
    inputWithoutCacheWrite: input ?? null,
    cacheRead: read ?? null,
    output: output ?? null,
    total: null,
  });
}

/**
 * `chargedCents`, which is the billed amount; without it the discounted total plus the token fee; without that the
 * `usageBasedCosts` text. A zero beside tokens is a zeroed field, unless the API cost is told.
 */
function statedCharge(
  record: JsonObject,
  { usage, api, tokens }: { usage: JsonObject; api: Micros | null; tokens: EventTokens },
): Micros | null {
  const charged = amount(record, "chargedCents");
  if (charged !== null) return api === null ? nonZeroed(charged, tokens) : charged;
  if (api !== null) {
    const percentOff = Math.min(100, readPercent(usage["discountPercentOff"], "discountPercentOff") ?? 0);
    return discounted(api, percentOff, amount(record, "cursorTokenFee") ?? micros(0));
  }
  const shown = readMoney(record["usageBasedCosts"], { name: "usageBasedCosts", unit: "dollars" });
  return shown.kind === "amount" ? nonZeroed(shown.amount, tokens) : null;
}

function discounted(total: Micros, percentOff: number, fee: Micros): Micros {
  const thousandths = 100_000 - Math.round(percentOff * 1000);
  const kept = total * thousandths;
  const rest = Number.isSafeInteger(kept) ? divideHalfEven(kept, 100_000) : Math.round(total * (thousandths / 100_000));
  if (!Number.isSafeInteger(rest + fee)) throw new UnreadableField("cursorTokenFee", fee, "an amount of money");
  return micros(rest + fee);
}

/** Unknown where an amount is zero beside tokens (or beside tokens that are not told): since 2026-07-31 dollars are zeroed. */
function nonZeroed(amount: Micros | null, { total }: EventTokens): Micros | null {
  return amount === 0 && total !== 0 ? null : amount;
}

function amount(record: JsonObject, name: string): Micros | null {
  const cell = readMoney(record[name], { name, unit: "cents" });
  return cell.kind === "amount" ? cell.amount : null;
}

/** Request units: counts with fractions ("0.5"). Whatever else stands there is no value. */
function unitsOf(value: Json | undefined): number | null {
  if (typeof value !== "number" && typeof value !== "string") return null;
  const text = String(value).trim();
  return /^\d{1,12}(\.\d+)?$/.test(text) ? Math.round(Number(text) * 1e6) / 1e6 : null;
}

function userOf(record: JsonObject): string | null {
  for (const field of ["userEmail", "serviceAccountId"]) {
    const user = textOf(record[field]).trim();
    if (user !== "") return user;
  }
  return null;
}

function textOf(value: Json | undefined): string {
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : "";
}
