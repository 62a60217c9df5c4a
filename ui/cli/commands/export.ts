import type { TimeRange } from "../../../domain/clock.ts";
import { TrackerError } from "../../../domain/errors.ts";
import { dailyDays, type DateRange } from "../../../domain/report/days.ts";
import { DAILY_EXPORT_COLUMNS } from "../../../domain/tables/daily.ts";
import { EVENT_EXPORT_COLUMNS } from "../../../domain/tables/events.ts";
import { type Table, TABLE_FORMATS, type TableFormat, tableOf } from "../../../domain/tables/table.ts";
import { USAGE_EXPORT_COLUMNS } from "../../../domain/tables/usage.ts";
import type { Services } from "../../services.ts";
import { plainDate } from "../arguments.ts";
import type { CliContext } from "../context.ts";
import { type CommonOptions, writeJson } from "../output.ts";
import { BILLING_FORMATS, exportBilling, monthArgument } from "./export/billing.ts";
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
  group.command("billing").description("write the billed events of the month files, one a row")
    .addOption(new Option("--format <format>", "how they are written").choices(BILLING_FORMATS).default("csv"))
    .option("--month <MM-YYYY>", "only this month", monthArgument)
    .option(
      "--output <path>",
      "a file, or for parquet a folder (default: standard output; for parquet DATA_DIR/export)",
    )
    .option("--json", "the same as --format json; with --output: print as JSON what was written")
    .action((options) => exportBilling(context, options));
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
