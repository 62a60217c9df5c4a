import { readCount, readInstant, readObject, UnreadableField } from "../fields.ts";
import type { Json, JsonObject } from "../json.ts";
import type { TokenCounts } from "../usage.ts";

/** The bucket of events that name neither a person nor a service account. */
export const NO_EMAIL = "(no e-mail)";
/** The bucket of events that name no model. */
export const NO_MODEL = "(no model)";

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
export function tokensOf(event: JsonObject): TokenCounts {
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
