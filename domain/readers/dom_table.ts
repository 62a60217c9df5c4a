import type { PageTable } from "../capture/capture.ts";
import type { UsageRow } from "../capture/usage.ts";
import { cycleEnd, cycleStart } from "../cycle.ts";
import { modelName, UnreadableField } from "../fields.ts";
import type { JsonObject } from "../json.ts";
import { periodOfText } from "./period_text.ts";
import type { Recognizer } from "./reading.ts";
import { columnOf, rowOf, TOKEN_COLUMNS } from "./row.ts";

const SUM_ROW = /^(?:grand\s+)?totals?$|^all models$/i;

/**
 * The usage table as the page shows it: MODEL, INPUT (W/ CACHE WRITE), INPUT (W/O CACHE WRITE), CACHE READ, OUTPUT,
 * TOTAL TOKENS, API COST, COST TO YOU, in any order, and the billing period's text.
 */
export const domTable: Recognizer = {
  name: "dom_table",
  trust: 3,
  needs: [],
  recognize(payload, { capturedAt }) {
    if (payload.kind !== "html") return null;
    const table = payload.page.tables.find(isUsageTable);
    if (table === undefined) return null;
    const rows = [...rowsOf(table)];
    const period = periodOfText(payload.page.text, capturedAt);
    if (period === null) return { rows, scope: { kind: "current_cycle" } };
    if (period.isBillingPeriod) return { rows, scope: { kind: "current_cycle" }, cycle: period.cycle };
    return { rows, scope: { kind: "interval", from: cycleStart(period.cycle), to: cycleEnd(period.cycle) } };
  },
};

/** Whether these are the usage table's headings: a model, and the token columns without which no total can be made. */
function isUsageTable(table: PageTable): boolean {
  const columns = new Set(table.headings.map(columnOf));
  const hasTokens = TOKEN_COLUMNS.every((column) => columns.has(column));
  return columns.has("model") && hasTokens;
}

function* rowsOf(table: PageTable): Iterable<UsageRow> {
  for (const cells of table.rows) {
    if (cells.length < 2) continue; // one wide cell: "No usage in this period"
    if (cells.length !== table.headings.length) {
      throw new UnreadableField("row", cells.join(" | "), `${table.headings.length} cells`);
    }
    const record: JsonObject = Object.fromEntries(table.headings.map((heading, at) => [heading, cells[at] ?? ""]));
    const model = cells[table.headings.findIndex((heading) => columnOf(heading) === "model")]?.trim() ?? "";
    if (SUM_ROW.test(model)) continue;
    if (model === "") throw new UnreadableField("MODEL", model, "a model's name");
    yield rowOf(record, modelName(model));
  }
}
