import type { JsonObject } from "../../../domain/json.ts";
import { type BilledEvent, billedEvent, BILLING_EXPORT_COLUMNS } from "../../../domain/tables/billing.ts";
import { type Cell, tableOf } from "../../../domain/tables/table.ts";
import { handWorkedMonth, rawEvent } from "../billing/raw_events.ts";
import { tableText } from "./table_text.ts";
import assert from "node:assert/strict";

const JANUARY = Temporal.PlainYearMonth.from("2026-01");

function billed(...events: readonly JsonObject[]): BilledEvent[] {
  return events.map((event) => billedEvent(event, JANUARY)).filter((event) => event !== null);
}

/** The cells of the event's row by their columns; null where it is not billed. */
function exportRow(event: JsonObject): Record<string, Cell> | null {
  const [row] = billed(event);
  if (row === undefined) return null;
  return Object.fromEntries(BILLING_EXPORT_COLUMNS.map(({ name, value }) => [name, value(row)]));
}

const textOf = (format: "csv" | "json", ...events: readonly JsonObject[]) =>
  tableText(tableOf(BILLING_EXPORT_COLUMNS, billed(...events)), format);

Deno.test("a billed event is taken apart, to the micro-dollar", () => {
  assert.deepEqual(exportRow(rawEvent({ maxMode: true })), {
    month: "2026-01",
    timestamp: "2026-01-05T10:00:00Z",
    user: "ada@example.com",
    model: "aurora-4",
    kind: "Usage-based",
    max_mode: true,
    input_with_cache_write_tokens: 300,
    input_without_cache_write_tokens: 10,
    cache_read_tokens: 4_000,
    output_tokens: 20,
    total_tokens: 4_330,
    list_price_micros: 200_000,
    discount_micros: 0,
    fee_micros: 15_000,
    billed_micros: 215_000,
    billed_cents: 22,
  });
});

Deno.test("what is not billed is left out, and unknowns are null", () => {
  const rows = handWorkedMonth().map(exportRow);
  assert.deepEqual(rows.map((row) => row?.["billed_micros"] ?? null), [
    215_000,
    375_000,
    80_000,
    122_500,
    null,
    null,
    null,
  ]);
  const requestPlan = rows[2];
  assert.deepEqual([requestPlan?.["list_price_micros"], requestPlan?.["max_mode"]], [null, null]);
  assert.equal(exportRow(rawEvent({ timestamp: "soon" }))?.["timestamp"], null);
});

Deno.test("CSV has a line per event, and no cell that a spreadsheet would take for a formula", async () => {
  const formula = rawEvent({ userEmail: `=HYPERLINK("http://evil.example")`, model: "+1", kind: "usage-based" });
  const [head, first, second, ...rest] = (await textOf("csv", rawEvent(), formula)).split("\n");
  assert.equal(
    head,
    "month,timestamp,user,model,kind,max_mode,input_with_cache_write_tokens,input_without_cache_write_tokens," +
      "cache_read_tokens,output_tokens,total_tokens,list_price_micros,discount_micros,fee_micros,billed_micros,billed_cents",
  );
  assert.equal(
    first,
    "2026-01,2026-01-05T10:00:00Z,ada@example.com,aurora-4,Usage-based,,300,10,4000,20,4330,200000,0,15000,215000,22",
  );
  assert.ok(
    second?.startsWith(`2026-01,2026-01-05T10:00:00Z,"'=hyperlink(""http://evil.example"")",'+1,`),
    String(second),
  );
  assert.deepEqual(rest, [""]);
});

Deno.test("JSON is one array, empty without any event", async () => {
  assert.deepEqual(JSON.parse(await textOf("json")), []);
  const rows = JSON.parse(await textOf("json", rawEvent(), rawEvent()));
  assert.deepEqual(rows.map((row: { billed_micros: number }) => row.billed_micros), [215_000, 215_000]);
});
