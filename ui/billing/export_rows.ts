import { judge } from "../../domain/billing/billable.ts";
import { costParts } from "../../domain/billing/event_cost.ts";
import { kindOf, modelOf, timeMsOf, userOf } from "../../domain/billing/event_fields.ts";
import type { JsonObject } from "../../domain/json.ts";
import { toCents } from "../../domain/money.ts";

/** A billed event, as it is exported. */
export type ExportRow = { readonly [Column in typeof EXPORT_COLUMNS[number]]: string | number | boolean | null };

/** The columns in their order. Money is in micro-dollars (10,000 are a cent); `billed_cents` is rounded half to even. */
export const EXPORT_COLUMNS = [
  "month",
  "timestamp",
  "user",
  "model",
  "kind",
  "max_mode",
  "input_with_cache_write_tokens",
  "input_without_cache_write_tokens",
  "cache_read_tokens",
  "output_tokens",
  "total_tokens",
  "list_price_micros",
  "discount_micros",
  "fee_micros",
  "billed_micros",
  "billed_cents",
] as const;

/** The row of an event of the month; null where it is not billed, as may be in a file of another tool. */
export function exportRow(event: JsonObject, month: Temporal.PlainYearMonth): ExportRow | null {
  const verdict = judge(event);
  if (!verdict.isBilled) return null;
  const { amount, tokens } = verdict;
  const { listPrice, discount, fee } = costParts(event);
  const timeMs = timeMsOf(event);
  return {
    month: month.toString(),
    timestamp: timeMs === null ? null : Temporal.Instant.fromEpochMilliseconds(timeMs).toString(),
    user: userOf(event),
    model: modelOf(event),
    kind: kindOf(event),
    max_mode: typeof event["maxMode"] === "boolean" ? event["maxMode"] : null,
    input_with_cache_write_tokens: tokens.inputWithCacheWrite,
    input_without_cache_write_tokens: tokens.inputWithoutCacheWrite,
    cache_read_tokens: tokens.cacheRead,
    output_tokens: tokens.output,
    total_tokens: tokens.total,
    list_price_micros: listPrice,
    discount_micros: discount,
    fee_micros: fee,
    billed_micros: amount,
    billed_cents: toCents(amount),
  };
}
