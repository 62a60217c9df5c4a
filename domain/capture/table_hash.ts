import type { BillingCycle } from "../cycle.ts";
import type { Json } from "../json.ts";
import type { UsageRow } from "./usage.ts";

/** JSON with sorted keys and no white space: equal values give equal text. */
export function stableJson(value: Json): string {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(stableJson).join(",")}]`;
  const fields = Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${stableJson(value[key] ?? null)}`);
  return `{${fields.join(",")}}`;
}

/** Lower-case hexadecimal SHA-256 of the text's UTF-8 bytes. */
export async function sha256Hex(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * Identity of a usage table: SHA-256 of the stable JSON of its sorted rows and billing period. Row order, key order,
 * the spelling of numbers and the time of capture have no part in it; every figure has.
 */
export function tableHash(table: { cycle: BillingCycle; rows: readonly UsageRow[] }): Promise<string> {
  const rows = table.rows.map(rowJson).map(stableJson).sort();
  const period = stableJson({
    start: table.cycle.start?.toString() ?? null,
    end: table.cycle.end?.toString() ?? null,
  });
  return sha256Hex(`{"period":${period},"rows":[${rows.join(",")}]}`);
}

function rowJson(row: UsageRow): Json {
  return {
    model: row.model,
    input_with_cache_write: row.tokens.inputWithCacheWrite,
    input_without_cache_write: row.tokens.inputWithoutCacheWrite,
    cache_read: row.tokens.cacheRead,
    output: row.tokens.output,
    total: row.tokens.total,
    api_cost_micros: row.apiCost,
    cost_to_you_micros: row.costToYou,
    cost_basis: row.costBasis,
  };
}
