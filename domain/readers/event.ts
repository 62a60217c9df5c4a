import type { TokenCounts } from "../capture/usage.ts";
import { type CostReading, type EventSource, UNKNOWN_TOKENS, type UsageEvent, usageEvent } from "../events/event.ts";
import {
  isCovered,
  modelName,
  readCount,
  readExactCents,
  readInstant,
  readObject,
  readPercent,
  tryRead,
  UnreadableField,
} from "../fields.ts";
import { isJsonObject, type Json, type JsonObject } from "../json.ts";
import { type Micros, micros, microsFromCents, microsFromParts, ZERO } from "../money.ts";
import { type EventKind, eventKindOf, isBilledKind } from "./kind.ts";
import { safeTotal } from "./row.ts";

/*
 * One event of the dashboard's JSON, of the Admin API or of a month file, field by field. What it is to the account
 * (`eventOf`) and to a team's bill (billing/billable.ts) is made of these, so that both see the same money.
 */

/** The model of events that name none, because an empty name is omitted. */
const NO_MODEL = "(no model)";

/** The person's e-mail; empty where a service account made the request, or someone who has left. */
export function emailOf(event: JsonObject): string {
  return textOf(event["userEmail"]);
}

/** The service account's id; empty where there is none. */
export function serviceAccountOf(event: JsonObject): string {
  return textOf(event["serviceAccountId"]);
}

/** The model as Cursor names it. */
export function modelOf(event: JsonObject): string {
  return textOf(event["model"]) || NO_MODEL;
}

/** The kind as Cursor writes it; empty where it is missing. */
export function kindTextOf(event: JsonObject): string {
  return textOf(event["kind"]);
}

/** The kind. A usage-based event that says that it is not chargeable is of a kind of its own. */
export function kindOf(event: JsonObject): EventKind {
  const kind = eventKindOf(kindTextOf(event));
  return event["isChargeable"] === false && isBilledKind(kind) ? "not_chargeable" : kind;
}

/** When the request was made; null where that is not told. @throws UnreadableField for what is no time. */
export function timeOf(event: JsonObject): Temporal.Instant | null {
  return readInstant(event["timestamp"], "timestamp");
}

/**
 * Its tokens. Beside a count that is told, a missing one is an omitted zero; null where none is told (`tokenUsage` is
 * missing or `{}`). @throws UnreadableField for a negative count or other text.
 */
export function tokensOf(event: JsonObject): TokenCounts | null {
  const usage = readObject(event, "tokenUsage");
  const write = readCount(usage["cacheWriteTokens"], "cacheWriteTokens");
  const input = readCount(usage["inputTokens"], "inputTokens");
  const cacheRead = readCount(usage["cacheReadTokens"], "cacheReadTokens");
  const output = readCount(usage["outputTokens"], "outputTokens");
  if ((write ?? input ?? cacheRead ?? output) === null) return null;
  return {
    inputWithCacheWrite: write ?? 0,
    inputWithoutCacheWrite: input ?? 0,
    cacheRead: cacheRead ?? 0,
    output: output ?? 0,
    total: safeTotal((write ?? 0) + (input ?? 0) + (cacheRead ?? 0) + (output ?? 0)),
  };
}

/**
 * The amount that stands beside the event, which is billed if the event's kind is: `chargedCents`; where that is missing
 * the discounted `totalCents` plus the fee; where that is missing too `usageBasedCosts`, which leaves the fee out, plus the
 * fee. Rounded once. Null where nothing is told: a zeroed field tells nothing, nor does "Included" as `chargedCents`.
 * @throws UnreadableField where a field that it depends on holds what no known generation of Cursor has sent.
 */
export function chargeOf(event: JsonObject): Micros | null {
  const value = event["chargedCents"];
  const cents = readExactCents(value, CHARGED);
  if (cents === null) return typeof value === "string" && isCovered(value.trim()) ? null : chargeOfParts(event);
  const charged = microsFromCents(cents);
  const isTold = charged !== 0 || listCentsOf(event) !== null || tokensOf(event)?.total === 0;
  return isTold ? charged : chargeOfParts(event);
}

function chargeOfParts(event: JsonObject): Micros | null {
  const list = listCentsOf(event);
  const cents = list ?? unlessZeroed(readExactCents(event["usageBasedCosts"], SHOWN), event);
  if (cents === null) return null;
  const fee = feeCentsOf(event);
  const charge = microsFromParts({ cents, percentOff: list === null ? 0 : percentOffOf(event), fee });
  if (charge === null) throw new UnreadableField("cursorTokenFee", fee, "an amount of money");
  return charge;
}

/** `totalCents`: what the tokens cost at API prices, before any discount; null where it is not told. @throws UnreadableField */
export function listPriceOf(event: JsonObject): Micros | null {
  const cents = listCentsOf(event);
  return cents === null ? null : microsFromCents(cents);
}

/** The Cursor Token Fee; zero where it is missing. @throws UnreadableField */
export function feeOf(event: JsonObject): Micros | null {
  return microsFromCents(feeCentsOf(event));
}

/** What is taken off the list price; null where there is a discount on a price that is not told. @throws UnreadableField */
export function discountOf(event: JsonObject): Micros | null {
  const percentOff = percentOffOf(event);
  if (percentOff === 0) return ZERO;
  const cents = listCentsOf(event);
  if (cents === null) return null;
  const [list, paid] = [microsFromCents(cents), microsFromParts({ cents, percentOff, fee: 0 })];
  return list === null || paid === null ? null : micros(list - paid);
}

function listCentsOf(event: JsonObject): number | string | null {
  const usage = readObject(event, "tokenUsage");
  return unlessZeroed(readExactCents(usage["totalCents"], LIST), event);
}

function feeCentsOf(event: JsonObject): number | string {
  return readExactCents(event["cursorTokenFee"], FEE) ?? 0;
}

function percentOffOf(event: JsonObject): number {
  const value = readObject(event, "tokenUsage")["discountPercentOff"];
  const percentOff = readPercent(value, "discountPercentOff") ?? 0;
  if (percentOff > 100) throw new UnreadableField("discountPercentOff", value, "a percentage from 0 to 100");
  return percentOff;
}

function unlessZeroed(cents: number | string | null, event: JsonObject): number | string | null {
  const amount = cents === null ? null : microsFromCents(cents);
  return amount === 0 && isZeroed(amount, tokensOf(event)?.total ?? null) ? null : cents;
}

/**
 * Whether an amount is no price but a zeroed field. Since 2026-07-31 Cursor zeroes dollars on most plans and keeps the
 * tokens, so a zero is only believed where the tokens are told to be zero too; null where they are not told.
 */
export function isZeroed(amount: Micros, totalTokens: number | null): boolean {
  return amount === 0 && totalTokens !== 0;
}

const CHARGED = { name: "chargedCents", unit: "cents" } as const;
const LIST = { name: "totalCents", unit: "cents" } as const;
const FEE = { name: "cursorTokenFee", unit: "cents" } as const;
const SHOWN = { name: "usageBasedCosts", unit: "dollars" } as const;

/** When and where an event was read. */
export interface EventContext {
  readonly readAt: Temporal.Instant;
  readonly source: EventSource;
  /** Told where a cost cannot be read: the event is kept, its cost is unknown. */
  readonly report: (problem: string) => void;
}

/** One event. @throws UnreadableField where it has no time, or tokens that cannot be read. */
export function eventOf(record: Json, context: EventContext): UsageEvent {
  if (!isJsonObject(record)) throw new UnreadableField("event", record, "an object");
  const at = timeOf(record);
  if (at === null) throw new UnreadableField("timestamp", record["timestamp"] ?? null, "a time");
  const kind = kindOf(record);
  return usageEvent({
    at,
    user: emailOf(record) || serviceAccountOf(record) || null,
    model: modelName(modelOf(record)),
    tokens: tokensOf(record) ?? UNKNOWN_TOKENS,
    kind: { readAt: context.readAt, kind, text: kindTextOf(record) },
    cost: costOf(record, context),
    saidIncluded: !isBilledKind(kind) &&
      ["usageBasedCosts", "chargedCents"].some((field) => isCovered(textOf(record[field]))),
    requests: unitsOf(record["requestsCosts"]),
    maxMode: typeof record["maxMode"] === "boolean" ? record["maxMode"] : null,
  });
}

function costOf(record: JsonObject, { readAt, source, report }: EventContext): CostReading {
  const problems = new Set<string>();
  const api = tryRead(() => listPriceOf(record), (problem) => problems.add(problem));
  const stated = tryRead(() => chargeOf(record), (problem) => problems.add(problem));
  problems.forEach((problem) => report(problem));
  return { readAt, source, api, stated };
}

/** Request units: counts with fractions ("0.5"), which are no money. Whatever else stands there is no value. */
function unitsOf(value: Json | undefined): number | null {
  const text = textOf(value);
  return /^\d{1,12}(\.\d+)?$/.test(text) ? Math.round(Number(text) * 1e6) / 1e6 : null;
}

function textOf(value: Json | undefined): string {
  return typeof value === "string" ? value.trim() : typeof value === "number" ? String(value) : "";
}
