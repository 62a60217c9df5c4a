import type { CostBasis, TokenCounts, UsageRow } from "../capture/usage.ts";
import { readCount, readMoney, UnreadableField } from "../fields.ts";
import type { Json, JsonObject } from "../json.ts";
import { type Micros, micros, ZERO } from "../money.ts";

/** What a column means, whatever it is called. */
export type Column =
  | "model"
  | "inputWithCacheWrite"
  | "inputWithoutCacheWrite"
  | "cacheRead"
  | "output"
  | "total"
  | "apiCost"
  | "costToYou";

/** The names that columns have had, in lower case with letters and digits only. A new name is one more entry. */
const NAMES: Readonly<Record<Column, readonly string[]>> = {
  model: ["model", "modelname", "modelintent"],
  inputWithCacheWrite: [
    "inputwcachewrite",
    "inputwithcachewrite",
    "inputwithcachewritetokens",
    "inputwcachewritetokens",
    "cachewritetokens",
    "cachewrite",
  ],
  inputWithoutCacheWrite: [
    "inputwocachewrite",
    "inputwithoutcachewrite",
    "inputwithoutcachewritetokens",
    "inputwocachewritetokens",
    "inputtokens",
    "input",
  ],
  cacheRead: ["cacheread", "cachereadtokens"],
  output: ["output", "outputtokens"],
  total: ["totaltokens", "total", "tokens"],
  apiCost: ["apicost", "apicostcents", "cost", "costcents", "totalcents", "apicostusd", "apicostdollars"],
  costToYou: ["costtoyou", "costtoyoucents", "yourcost", "yourcostcents", "costtoyouusd", "costtoyoudollars"],
};

/** The four disjoint kinds of tokens. */
export const TOKEN_COLUMNS = ["inputWithCacheWrite", "inputWithoutCacheWrite", "cacheRead", "output"] as const;

/** What a heading or key means; null where nobody has used that name. */
export function columnOf(name: string): Column | null {
  const plain = name.toLowerCase().replace(/w\/o/g, "wo").replace(/[^a-z0-9]/g, "");
  for (const [column, names] of Object.entries(NAMES)) {
    if (names.includes(plain)) return column as Column;
  }
  return null;
}

/** The fields of a record under what they mean; fields with unknown names are left to the raw capture. */
export function columnsOf(record: JsonObject): Partial<Record<Column, { name: string; value: Json }>> {
  const columns: Partial<Record<Column, { name: string; value: Json }>> = {};
  for (const [name, value] of Object.entries(record)) {
    const column = columnOf(name);
    if (column !== null) columns[column] ??= { name, value };
  }
  return columns;
}

/**
 * One usage row of a record whose fields may have any known name and spelling.
 * @throws UnreadableField where a field holds something else than its kind of value.
 */
export function rowOf(record: JsonObject, model: string): UsageRow {
  const columns = columnsOf(record);
  const count = (column: Column) => readCount(columns[column]?.value, columns[column]?.name ?? column);
  const tokens = tokenCounts({
    inputWithCacheWrite: count("inputWithCacheWrite"),
    inputWithoutCacheWrite: count("inputWithoutCacheWrite"),
    cacheRead: count("cacheRead"),
    output: count("output"),
    total: count("total"),
  });
  return { model, tokens, ...costs(tokens, costField(columns.apiCost), costField(columns.costToYou)) };
}

/**
 * Missing counts are zero: Cursor omits zeros. The total is the sum of the four, or what is told where that is more (a
 * kind of tokens that has no column yet). @throws UnreadableField where the sum is beyond what an integer can hold.
 */
export function tokenCounts(
  { inputWithCacheWrite, inputWithoutCacheWrite, cacheRead, output, total }: {
    readonly [kind in keyof TokenCounts]: number | null;
  },
): TokenCounts {
  const hasParts = (inputWithCacheWrite ?? inputWithoutCacheWrite ?? cacheRead ?? output) !== null;
  const sum = safeTotal((inputWithCacheWrite ?? 0) + (inputWithoutCacheWrite ?? 0) + (cacheRead ?? 0) + (output ?? 0));
  return {
    inputWithCacheWrite: inputWithCacheWrite ?? 0,
    inputWithoutCacheWrite: inputWithoutCacheWrite ?? 0,
    cacheRead: cacheRead ?? 0,
    output: output ?? 0,
    total: hasParts ? Math.max(total ?? 0, sum) : total ?? 0,
  };
}

/** The sum of tokens as it is. @throws UnreadableField where it is beyond what an integer can hold. */
export function safeTotal(sum: number): number {
  if (!Number.isSafeInteger(sum)) throw new UnreadableField("total tokens", sum, "a count below 2^53");
  return sum;
}

/** A money field: an amount, "included" (nothing to pay on top), or unknown. */
export type Cost = Micros | "included" | null;

/**
 * The two costs of a row and what they are. A zero beside tokens is a zeroed field, not a gift: since 2026-07-31 Cursor
 * zeroes dollars on most plans and keeps the tokens. So is a missing one. Without tokens, zero is zero.
 */
export function costs(
  tokens: TokenCounts,
  api: Cost,
  toYou: Cost,
): { apiCost: Micros | null; costToYou: Micros | null; costBasis: CostBasis } {
  const hasTokens = tokens.total > 0;
  const apiCost = typeof api === "number" && (api !== 0 || !hasTokens) ? api : hasTokens ? null : ZERO;
  const isCovered = toYou === "included" || (toYou === 0 && (apiCost !== null || !hasTokens));
  const costToYou = isCovered ? ZERO : typeof toYou === "number" && toYou !== 0 ? toYou : hasTokens ? null : ZERO;
  const isBilled = costToYou !== null && costToYou !== 0;
  return { apiCost, costToYou, costBasis: apiCost === null ? "unknown" : isBilled ? "billed" : "included" };
}

function costField(field: { name: string; value: Json } | undefined): Cost {
  if (field === undefined) return null;
  const unit = /cents$/i.test(field.name) ? "cents" : "dollars";
  const cell = readMoney(field.value, { name: field.name, unit });
  return cell.kind === "amount" ? micros(cell.amount) : cell.kind === "included" ? "included" : null;
}
