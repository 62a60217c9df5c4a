import { parseFileMonth } from "../../../../domain/billing/month.ts";
import type { MonthFiles } from "../../../../domain/billing/month_files.ts";
import { TrackerError } from "../../../../domain/errors.ts";
import type { JsonObject } from "../../../../domain/json.ts";
import { billedEvent, BILLING_EXPORT_COLUMNS, BILLING_PARTITION_COLUMNS } from "../../../../domain/tables/billing.ts";
import { billingAccount, FOCUS_COLUMNS, focusCharge } from "../../../../domain/tables/focus.ts";
import { type Table, TABLE_FORMATS, tableOfBatches, type TableTarget } from "../../../../domain/tables/table.ts";
import type { Services } from "../../../services.ts";
import type { CliContext } from "../../context.ts";
import { type CommonOptions, writeJson } from "../../output.ts";

/** How billing can be exported. */
export const BILLING_FORMATS = [...TABLE_FORMATS, "focus"] as const;

/** Options of `tracker export billing`. */
interface BillingExportOptions extends CommonOptions {
  readonly format: typeof BILLING_FORMATS[number];
  readonly month?: Temporal.PlainYearMonth;
  readonly output?: string;
}

/** "01-2026" as a month. @throws TrackerError (exit code 2) for anything else. */
export function monthArgument(text: string): Temporal.PlainYearMonth {
  const month = parseFileMonth(text);
  if (month !== null) return month;
  throw new TrackerError(`A month must be written as MM-YYYY: current value is "${text}"`, {
    hint: "For example: tracker export billing --month 01-2026",
    exitCode: 2,
  });
}

/** `tracker export billing`. @throws TrackerError where a month's file is damaged, or the disk refuses. */
export async function exportBilling(context: CliContext, options: BillingExportOptions): Promise<void> {
  const { output, json = false } = options;
  if (json && output === undefined && options.format === "focus") {
    throw new TrackerError("--json and --format focus cannot both go to standard output", {
      hint: "Add --output FILE, or leave one of them out.",
      exitCode: 2,
    });
  }
  const format = json && output === undefined && options.format === "csv" ? "json" : options.format;
  const { terminal, interrupted: signal } = context;
  await context.withServices({ echo: "warn" }, async (services) => {
    const all = await services.monthFiles.list();
    const months = all.filter((month) => options.month === undefined || month.equals(options.month));
    const folder = output ?? `${services.config.dataDir}/export/billing`;
    const files: { path: string; rows: number }[] = [];
    const write = async (table: Table, target: Pick<TableTarget, "format" | "path">) => {
      const rows = await services.tables.write(table, { ...target, isPrivate: true, signal });
      if (target.path !== null) files.push({ path: target.path, rows });
    };
    if (format !== "parquet") {
      const table = tableOfMonths(services, { months, format, signal });
      await write(table, { format: format === "json" ? "json" : "csv", path: output ?? null });
    } else {
      // `month=2026-01/billing.parquet`: a folder that DuckDB, Spark and ClickHouse read as one table.
      for (const month of months) {
        await services.tables.makeFolder(`${folder}/month=${month}`);
        const table = tableOfMonths(services, { months: [month], format, signal });
        await write(table, { format, path: `${folder}/month=${month}/billing.parquet` });
      }
    }
    if (json && files.length > 0) writeJson(terminal, { files });
    else for (const { path, rows } of files) terminal.writeError(`${path}: ${rows} rows\n`);
  });
}

interface Months {
  readonly months: readonly Temporal.PlainYearMonth[];
  readonly format: BillingExportOptions["format"];
  readonly signal: AbortSignal;
}

function tableOfMonths({ monthFiles, config }: Services, { format, ...source }: Months): Table {
  if (format !== "focus") {
    const columns = format === "parquet" ? BILLING_PARTITION_COLUMNS : BILLING_EXPORT_COLUMNS;
    return tableOfBatches(columns, rowsOf(monthFiles, { ...source, rowOf: billedEvent }));
  }
  const account = billingAccount(config.billing, config.adminUrl);
  const rowOf = (event: JsonObject, month: Temporal.PlainYearMonth) => focusCharge(event, { month, account });
  return tableOfBatches(FOCUS_COLUMNS, rowsOf(monthFiles, { ...source, rowOf }));
}

/** What `rowOf` makes of the events of the months; an event that it makes null of is left out. */
async function* rowsOf<Row>(
  monthFiles: Pick<MonthFiles, "events">,
  { months, signal, rowOf }: Omit<Months, "format"> & {
    rowOf: (event: JsonObject, month: Temporal.PlainYearMonth) => Row | null;
  },
): AsyncGenerator<Row[], void> {
  for (const month of months) {
    for await (const events of monthFiles.events(month, { signal })) {
      yield events.map((event) => rowOf(event, month)).filter((row) => row !== null);
    }
  }
}
