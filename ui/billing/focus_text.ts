import { stringify } from "csv-stringify/sync";
import { csvCell } from "../../domain/export/columns.ts";
import { FOCUS_COLUMNS } from "./focus_columns.ts";
import type { FocusCharge } from "./focus_rows.ts";

/** Batches of charges as the pieces of one CSV file in the columns of FOCUS 1.2, without any formula. */
export async function* focusText(batches: AsyncIterable<readonly FocusCharge[]>): AsyncGenerator<string> {
  yield `${FOCUS_COLUMNS.map(({ name }) => name).join(",")}\n`;
  for await (const charges of batches) {
    yield stringify(charges.map((charge) => FOCUS_COLUMNS.map(({ type, value }) => csvCell(type, value(charge)))));
  }
}
