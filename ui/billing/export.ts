import { billableOf, userOf } from "../../domain/billing/billable.ts";
import { tryRead } from "../../domain/fields.ts";
import type { JsonObject } from "../../domain/json.ts";
import { toCents } from "../../domain/money.ts";
import { discountOf, feeOf, kindTextOf, listPriceOf, modelOf, timeOf } from "../../domain/readers/event.ts";
import { stringify } from "csv-stringify/sync";
import { type BasicType, parquetWriteBuffer } from "hyparquet-writer";

/** A billed event, as it is exported. */
export type ExportRow = { readonly [Column in typeof EXPORT_COLUMNS[number]]: string | number | boolean | null };

/** The columns in their order. Money is in micro-dollars (10,000 are a cent); `billed_cents` is rounded half to even. */
const EXPORT_COLUMNS = [
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
  const verdict = billableOf(event);
  if (!verdict.isBilled) return null;
  const { amount, tokens } = verdict;
  return {
    month: month.toString(),
    timestamp: tryRead(() => timeOf(event))?.toString() ?? null,
    user: userOf(event),
    model: modelOf(event),
    kind: kindTextOf(event),
    max_mode: typeof event["maxMode"] === "boolean" ? event["maxMode"] : null,
    input_with_cache_write_tokens: tokens.inputWithCacheWrite,
    input_without_cache_write_tokens: tokens.inputWithoutCacheWrite,
    cache_read_tokens: tokens.cacheRead,
    output_tokens: tokens.output,
    total_tokens: tokens.total,
    list_price_micros: tryRead(() => listPriceOf(event)),
    discount_micros: tryRead(() => discountOf(event)),
    fee_micros: tryRead(() => feeOf(event)),
    billed_micros: amount,
    billed_cents: toCents(amount),
  };
}

/** Batches of rows as the pieces of one CSV file. A cell that a spreadsheet would take for a formula is made text. */
export async function* csvText(batches: AsyncIterable<readonly ExportRow[]>): AsyncGenerator<string> {
  yield `${EXPORT_COLUMNS.join(",")}\n`;
  for await (const rows of batches) {
    yield stringify([...rows], {
      columns: [...EXPORT_COLUMNS],
      escape_formulas: true,
      cast: { boolean: (value) => value ? "true" : "false" },
    });
  }
}

/** The same as the pieces of one JSON array, a row on each line. */
export async function* jsonText(batches: AsyncIterable<readonly ExportRow[]>): AsyncGenerator<string> {
  let before = "[\n";
  for await (const rows of batches) {
    if (rows.length === 0) continue;
    yield before + rows.map((row) => JSON.stringify(row)).join(",\n");
    before = ",\n";
  }
  yield before === "[\n" ? "[]\n" : "\n]\n";
}

type Column = typeof EXPORT_COLUMNS[number];

/** The month is the folder's name, where readers of partitioned tables look for it. */
const TYPES: Readonly<Partial<Record<Column, BasicType>>> = {
  timestamp: "TIMESTAMP",
  user: "STRING",
  model: "STRING",
  kind: "STRING",
  max_mode: "BOOLEAN",
};
const FILE_COLUMNS = EXPORT_COLUMNS.filter((column) => column !== "month");

/** A month's rows as one Parquet file: integers of 64 bits, times in UTC. */
export function parquetBytes(rows: readonly ExportRow[]): Uint8Array {
  const columnData = FILE_COLUMNS.map((name) => (
    { name, type: TYPES[name] ?? "INT64", nullable: true, data: rows.map((row) => cell(name, row[name])) }
  ));
  return new Uint8Array(parquetWriteBuffer({ columnData }));
}

function cell(column: Column, value: ExportRow[Column]) {
  // The library takes times as Date objects only.
  if (column === "timestamp") return typeof value === "string" ? new Date(value) : null;
  return typeof value === "number" ? BigInt(value) : value;
}
