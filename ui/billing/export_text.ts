import { stringify } from "csv-stringify/sync";
import { EXPORT_COLUMNS, type ExportRow } from "./export_rows.ts";

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
