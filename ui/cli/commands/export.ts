import { parseFileMonth } from "../../../domain/billing/month.ts";
import type { MonthFiles } from "../../../domain/billing/month_files.ts";
import type { TimeRange } from "../../../domain/clock.ts";
import { messageOf, TrackerError } from "../../../domain/errors.ts";
import type { JsonObject } from "../../../domain/json.ts";
import { dailyDays, type DateRange } from "../../../domain/report/days.ts";
import { DAILY_EXPORT_COLUMNS } from "../../../domain/tables/daily.ts";
import { EVENT_EXPORT_COLUMNS } from "../../../domain/tables/events.ts";
import { type Table, TABLE_FORMATS, type TableFormat, tableOf } from "../../../domain/tables/table.ts";
import { USAGE_EXPORT_COLUMNS } from "../../../domain/tables/usage.ts";
import { csvText, exportRow, jsonText } from "../../billing/export.ts";
import { billingAccount, type FocusCharge, focusCharge, focusText } from "../../billing/focus.ts";
import type { Services } from "../../services.ts";
import { plainDate } from "../arguments.ts";
import type { CliContext } from "../context.ts";
import { type CommonOptions, writeJson } from "../output.ts";
import { Argument, type Command, Option } from "commander";

const TABLES = ["usage", "events", "daily"] as const;
type TableName = typeof TABLES[number];

interface ExportOptions extends CommonOptions {
  readonly format?: TableFormat;
  readonly from?: Temporal.PlainDate;
  readonly to?: Temporal.PlainDate;
  readonly output?: string;
}

/** `tracker export usage|events|daily`: the data, for other programs. */
export function exportCommand(program: Command, context: CliContext): void {
  const group = program.command("export")
    .description("write usage (stored tables), events (single requests) or daily figures as CSV, JSON or Parquet")
    .enablePositionalOptions();
  exportBillingCommand(group, context);
  group
    .addArgument(new Argument("<table>", "what to export").choices(TABLES))
    .addOption(new Option("--format <format>", "csv by default").choices(TABLE_FORMATS))
    .option("--from <day>", "from the start of this day, in TIME_ZONE", plainDate)
    .option("--to <day>", "to the end of this day, in TIME_ZONE", plainDate)
    .option("--output <file>", "write to a file, not to standard output")
    .option("--json", "print what was written as JSON; without --output the same as --format json")
    .action(async (table: TableName, { json = false, from, to, output, format }: ExportOptions) => {
      const written = output === undefined && json ? "json" : format ?? "csv";
      if (output === undefined && json && format !== undefined && format !== "json") {
        throw new TrackerError(`--json and --format ${format} cannot both go to standard output`, {
          hint: "Add --output FILE, or leave one of them out.",
          exitCode: 2,
        });
      }
      await context.withServices({ echo: "warn" }, async (services) => {
        const range = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
        refuseReversed(range);
        const target = { format: written, path: output ?? null, signal: context.interrupted };
        const rows = await services.tables.write(openTable(table, { services, range }), target);
        if (output === undefined) return;
        if (json) writeJson(context.terminal, { table, format: written, file: output, rows });
        else context.terminal.write(`Wrote ${rows} rows to ${output}.\n`);
      });
    });
}

function openTable(name: TableName, { services, range }: { services: Services; range: Partial<DateRange> }): Table {
  const { usage, events } = services.stores;
  const times = timesOf(range, services.config.timeZone);
  if (name === "usage") return tableOf(USAGE_EXPORT_COLUMNS, usage.readRows(times));
  if (name === "events") return tableOf(EVENT_EXPORT_COLUMNS, events.read(times));
  return tableOf(DAILY_EXPORT_COLUMNS, dailyDays(services, range));
}

function refuseReversed({ from, to }: Partial<DateRange>): void {
  if (from === undefined || to === undefined || Temporal.PlainDate.compare(from, to) <= 0) return;
  throw new TrackerError(`--from must not be after --to: current values are ${from} and ${to}`, {
    hint: "Swap the two days; both are included.",
    exitCode: 2,
  });
}

function timesOf({ from, to }: Partial<DateRange>, timeZone: string): TimeRange {
  const startOf = (day: Temporal.PlainDate | undefined) => day?.toZonedDateTime(timeZone).toInstant() ?? null;
  return { from: startOf(from), to: startOf(to?.add({ days: 1 })) };
}

/** `tracker export billing`: added to the `export` command. */
function exportBillingCommand(group: Command, context: CliContext): void {
  group.command("billing").description("write the billed events of the month files, one a row")
    .addOption(new Option("--format <format>", "how they are written").choices(EXPORT_FORMATS).default("csv"))
    .option("--month <MM-YYYY>", "only this month", monthOf)
    .option(
      "--output <path>",
      "a file, or for parquet a folder (default: standard output; for parquet DATA_DIR/export)",
    )
    .option("--json", "the same as --format json; with --output: print as JSON what was written")
    .action((options) => exportBilling(context, options));
}

function monthOf(text: string): Temporal.PlainYearMonth {
  const month = parseFileMonth(text);
  if (month !== null) return month;
  throw new TrackerError(`A month must be written as MM-YYYY: current value is "${text}"`, {
    hint: "For example: tracker export billing --month 01-2026",
    exitCode: 2,
  });
}

/** How billing can be exported. */
const EXPORT_FORMATS = ["csv", "json", "parquet", "focus"] as const;

/** Options of `tracker export billing`. */
interface BillingExportOptions extends CommonOptions {
  readonly format: typeof EXPORT_FORMATS[number];
  readonly month?: Temporal.PlainYearMonth;
  readonly output?: string;
}

type Written = { path: string; rows: number }[];

/** `tracker export billing`. @throws TrackerError where a month's file is damaged, or the disk refuses. */
async function exportBilling(context: CliContext, options: BillingExportOptions): Promise<void> {
  const { output, json = false } = options;
  if (json && output === undefined && options.format === "focus") {
    throw new TrackerError("--json and --format focus cannot both go to standard output", {
      hint: "Add --output FILE, or leave one of them out.",
      exitCode: 2,
    });
  }
  const format = json && output === undefined && options.format === "csv" ? "json" : options.format;
  await context.withServices({ echo: "warn" }, async ({ monthFiles, config }) => {
    const all = await monthFiles.list();
    const months = all.filter((month) => options.month === undefined || month.equals(options.month));
    const account = billingAccount(config.billing, config.adminUrl);
    const charge = (event: JsonObject, month: Temporal.PlainYearMonth) => focusCharge(event, { month, account });
    const source = { monthFiles, months, charge, signal: context.interrupted };
    const written = format === "parquet"
      ? await writeParquet(source, { folder: output ?? `${config.dataDir}/export/billing`, context })
      : await writeText(source, { format, output, context });
    if (json && written.length > 0) writeJson(context.terminal, { files: written });
    else for (const { path, rows } of written) context.terminal.writeError(`${path}: ${rows} rows\n`);
  });
}

interface Source {
  readonly monthFiles: Pick<MonthFiles, "events">;
  readonly months: readonly Temporal.PlainYearMonth[];
  readonly charge: (event: JsonObject, month: Temporal.PlainYearMonth) => FocusCharge | null;
  readonly signal: AbortSignal;
}

/** What `rowOf` makes of the events of the months, in batches; an event that it makes null of is left out. */
async function* rowsOf<Row>(
  { monthFiles, months, signal }: Omit<Source, "charge">,
  rowOf: (event: JsonObject, month: Temporal.PlainYearMonth) => Row | null,
): AsyncGenerator<Row[]> {
  for (const month of months) {
    for await (const events of monthFiles.events(month, { signal })) {
      yield events.map((event) => rowOf(event, month)).filter((row) => row !== null);
    }
  }
}

type TextFormat = Exclude<BillingExportOptions["format"], "parquet">;

/** To standard output as it comes, or to a file. Answers the file. */
async function writeText(
  source: Source,
  { format, output, context }: { format: TextFormat; output: string | undefined; context: CliContext },
): Promise<Written> {
  let rows = 0;
  const counted = async function* <Row>(batches: AsyncIterable<Row[]>) {
    for await (const batch of batches) {
      rows += batch.length;
      yield batch;
    }
  };
  const pieces = format === "focus"
    ? focusText(counted(rowsOf(source, source.charge)))
    : (format === "csv" ? csvText : jsonText)(counted(rowsOf(source, exportRow)));
  if (output === undefined) {
    for await (const piece of pieces) context.terminal.write(piece);
    return [];
  }
  await context.replaceFile(output, pieces);
  return [{ path: output, rows }];
}

/** `month=2026-01/billing.parquet`: a folder that DuckDB, Spark and ClickHouse read as one table. */
async function writeParquet(
  source: Source,
  { folder, context }: { folder: string; context: CliContext },
): Promise<Written> {
  const { parquetBytes } = await import("../../billing/export.ts");
  const written: Written = [];
  for (const month of source.months) {
    const rows = (await Array.fromAsync(rowsOf({ ...source, months: [month] }, exportRow))).flat();
    const path = `${folder}/month=${month}/billing.parquet`;
    await makeFolder(`${folder}/month=${month}`);
    await context.replaceFile(path, parquetBytes(rows));
    written.push({ path, rows: rows.length });
  }
  return written;
}

async function makeFolder(path: string): Promise<void> {
  try {
    await Deno.mkdir(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    const hint = "Choose another folder with --output.";
    throw new TrackerError(`Cannot make the folder "${path}": ${messageOf(error)}`, { hint, cause: error });
  }
}
