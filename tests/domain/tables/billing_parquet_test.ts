import type { JsonObject } from "../../../domain/json.ts";
import { billedEvent, BILLING_PARTITION_COLUMNS } from "../../../domain/tables/billing.ts";
import { tableOf } from "../../../domain/tables/table.ts";
import { handWorkedMonth, rawEvent } from "../billing/raw_events.ts";
import { tableBytes } from "./table_text.ts";
import { parquetMetadata, parquetReadObjects } from "hyparquet";
import assert from "node:assert/strict";

const JANUARY = Temporal.PlainYearMonth.from("2026-01");

async function fileOf(events: readonly JsonObject[]): Promise<ArrayBuffer> {
  const rows = events.map((event) => billedEvent(event, JANUARY)).filter((row) => row !== null);
  return (await tableBytes(tableOf(BILLING_PARTITION_COLUMNS, rows), "parquet")).buffer;
}

async function readBack(...events: readonly JsonObject[]): Promise<Record<string, unknown>[]> {
  return await parquetReadObjects({ file: await fileOf(events) });
}

Deno.test("a billed event read back from Parquet has every value that was written", async () => {
  const [row, ...rest] = await readBack(rawEvent({ timestamp: "1767607200123", maxMode: true }));
  assert.deepEqual(rest, []);
  const { timestamp, ...values } = row ?? {};
  assert.ok(timestamp instanceof Date);
  assert.equal(timestamp.toISOString(), "2026-01-05T10:00:00.123Z");
  assert.deepEqual(values, {
    user: "ada@example.com",
    model: "aurora-4",
    kind: "Usage-based",
    max_mode: true,
    input_with_cache_write_tokens: 300n,
    input_without_cache_write_tokens: 10n,
    cache_read_tokens: 4_000n,
    output_tokens: 20n,
    total_tokens: 4_330n,
    list_price_micros: 200_000n,
    discount_micros: 0n,
    fee_micros: 15_000n,
    billed_micros: 215_000n,
    billed_cents: 22n,
  });
});

Deno.test("the hand-worked month read back from Parquet comes to its totals, unknowns as null", async () => {
  const rows = await readBack(...handWorkedMonth());
  const columns = ["user", "list_price_micros", "discount_micros", "fee_micros", "billed_micros", "max_mode"];
  assert.deepEqual(rows.map((row) => columns.map((column) => row[column])), [
    ["ada@example.com", 200_000n, 0n, 15_000n, 215_000n, null],
    ["ada@example.com", 400_000n, 40_000n, 15_000n, 375_000n, null],
    ["ben@example.com", null, 0n, 0n, 80_000n, null],
    ["(no e-mail)", 122_500n, 0n, 0n, 122_500n, null],
  ]);
});

Deno.test("Parquet keeps what is large, not ASCII or without a time", async () => {
  const usage = { outputTokens: 2 ** 53 - 1, totalCents: 0 };
  const odd = rawEvent({ userEmail: "zoë@例.example", tokenUsage: usage, chargedCents: 5, timestamp: "soon" });
  const [row] = await readBack(odd);
  assert.deepEqual([row?.["user"], row?.["output_tokens"], row?.["billed_micros"], row?.["timestamp"]], [
    "zoë@例.example",
    9_007_199_254_740_991n,
    50_000n,
    null,
  ]);
});

Deno.test("a Parquet file without rows has the same columns, as 64-bit integers, UTC times, texts and a boolean", async () => {
  const typesOf = (file: ArrayBuffer) =>
    parquetMetadata(file).schema.slice(1).map(({ name, type, converted_type }) => [name, type, converted_type]);
  const types = typesOf(await fileOf([rawEvent()]));
  assert.deepEqual(types.slice(0, 6), [
    ["timestamp", "INT64", "TIMESTAMP_MILLIS"],
    ["user", "BYTE_ARRAY", "UTF8"],
    ["model", "BYTE_ARRAY", "UTF8"],
    ["kind", "BYTE_ARRAY", "UTF8"],
    ["max_mode", "BOOLEAN", undefined],
    ["input_with_cache_write_tokens", "INT64", undefined],
  ]);
  assert.deepEqual(types.slice(5).map(([, type]) => type), Array(10).fill("INT64"));
  assert.deepEqual(typesOf(await fileOf([])), types);
});
