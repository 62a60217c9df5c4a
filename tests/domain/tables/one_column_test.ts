import { micros } from "../../../domain/money.ts";
import { billedEvent, BILLING_EXPORT_COLUMNS } from "../../../domain/tables/billing.ts";
import { DAILY_EXPORT_COLUMNS } from "../../../domain/tables/daily.ts";
import { EVENT_EXPORT_COLUMNS } from "../../../domain/tables/events.ts";
import { type ExportColumn, tableOf } from "../../../domain/tables/table.ts";
import { USAGE_EXPORT_COLUMNS } from "../../../domain/tables/usage.ts";
import { ROOT } from "../../house/source_files.ts";
import { rawEvent } from "../billing/raw_events.ts";
import { makeEvent } from "../events/make_event.ts";
import { tableBytes, tableText } from "./table_text.ts";
import { parse } from "csv-parse/sync";
import { parquetReadObjects } from "hyparquet";
import assert from "node:assert/strict";

/** An estimate of $1.25 for any row, as a column that somebody adds. */
function estimate<Row>(): ExportColumn<Row> {
  return { name: "estimated_usd", type: "dollars", meaning: "cost at list prices", value: () => micros(1_250_000) };
}

const JANUARY = Temporal.PlainYearMonth.from("2026-01");
const billed = billedEvent(rawEvent(), JANUARY) ?? assert.fail("it is billed");

Deno.test("a column that is put into a list is in CSV, JSON and Parquet without another edit", async () => {
  const tables = {
    events: () => tableOf([...EVENT_EXPORT_COLUMNS, estimate()], [makeEvent()]),
    billing: () => tableOf([...BILLING_EXPORT_COLUMNS, estimate()], [billed]),
  };
  for (const [name, table] of Object.entries(tables)) {
    const csv: Record<string, string>[] = parse(await tableText(table(), "csv"), { columns: true });
    assert.deepEqual(csv.map((row) => row["estimated_usd"]), ["1.250000"], name);
    const json: Record<string, unknown>[] = JSON.parse(await tableText(table(), "json"));
    assert.deepEqual(json.map((row) => row["estimated_usd"]), [1.25], name);
    const file = (await tableBytes(table(), "parquet")).buffer;
    assert.deepEqual((await parquetReadObjects({ file })).map((row) => row["estimated_usd"]), [1.25], name);
  }
});

Deno.test("the documents explain each column of the exports as the code does", async () => {
  const lists = {
    "docs/events-and-exports.md": [USAGE_EXPORT_COLUMNS, EVENT_EXPORT_COLUMNS, DAILY_EXPORT_COLUMNS],
    "docs/team-billing.md": [BILLING_EXPORT_COLUMNS],
  };
  for (const [path, columns] of Object.entries(lists)) {
    const text = await Deno.readTextFile(`${ROOT}${path}`);
    const rows = Array.from(
      text.matchAll(/^\| `(\w+)` +\| (text|integer|number|boolean|time|date|dollars) +\| (.+?) +\|$/gm),
      ([, name, type, meaning]) => [name, type, meaning],
    );
    assert.deepEqual(rows, columns.flat().map(({ name, type, meaning }) => [name, type, meaning]), path);
  }
});
