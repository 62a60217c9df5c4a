import type { JsonObject } from "../../../domain/json.ts";
import { csvText, type ExportRow, exportRow, jsonText } from "../../../ui/billing/export.ts";
import { handWorkedMonth, rawEvent } from "../../domain/billing/raw_events.ts";
import assert from "node:assert/strict";

const JANUARY = Temporal.PlainYearMonth.from("2026-01");

async function* batches(...events: readonly JsonObject[]): AsyncGenerator<readonly ExportRow[]> {
  yield [];
  for (const event of events) yield await Promise.resolve([exportRow(event, JANUARY)].filter((row) => row !== null));
}

async function textOf(pieces: AsyncIterable<string>): Promise<string> {
  return (await Array.fromAsync(pieces)).join("");
}

Deno.test("exportRow() takes a billed event apart, to the micro-dollar", () => {
  assert.deepEqual(exportRow(rawEvent({ maxMode: true }), JANUARY), {
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

Deno.test("exportRow() leaves out what is not billed, and tells unknowns as null", () => {
  const rows = handWorkedMonth().map((event) => exportRow(event, JANUARY));
  assert.deepEqual(rows.map((row) => row?.billed_micros ?? null), [
    215_000,
    375_000,
    80_000,
    122_500,
    null,
    null,
    null,
  ]);
  const requestPlan = rows[2];
  assert.deepEqual([requestPlan?.list_price_micros, requestPlan?.max_mode], [null, null]);
  assert.equal(exportRow(rawEvent({ timestamp: "soon" }), JANUARY)?.timestamp, null);
});

Deno.test("CSV has a line per event, and no cell that a spreadsheet would take for a formula", async () => {
  const formula = rawEvent({ userEmail: `=HYPERLINK("http://evil.example")`, model: "+1", kind: "usage-based" });
  const [head, first, second, ...rest] = (await textOf(csvText(batches(rawEvent(), formula)))).split("\n");
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
  assert.deepEqual(JSON.parse(await textOf(jsonText(batches()))), []);
  const rows = JSON.parse(await textOf(jsonText(batches(rawEvent(), rawEvent()))));
  assert.deepEqual(rows.map((row: ExportRow) => row.billed_micros), [215_000, 215_000]);
});
