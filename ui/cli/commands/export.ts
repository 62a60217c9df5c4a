import { Argument, type Command, Option } from "commander";
import { EVENT_EXPORT_COLUMNS } from "../../../domain/csv/export_events.ts";
import { TrackerError } from "../../../domain/errors.ts";
import { type Table, tableOf } from "../../../domain/export/columns.ts";
import { DAILY_EXPORT_COLUMNS } from "../../../domain/export/daily_table.ts";
import { USAGE_EXPORT_COLUMNS } from "../../../domain/export/usage_table.ts";
import { dailyDays } from "../../../domain/report/daily.ts";
import type { DateRange } from "../../../domain/report/date_range.ts";
import type { TimeRange } from "../../../domain/stores.ts";
import { TABLE_FORMATS, type TableFormat } from "../../../domain/table_files.ts";
import type { Services } from "../../services.ts";
import { plainDate } from "../arguments.ts";
import type { CliContext } from "../context.ts";
import { type CommonOptions, writeJson } from "../output.ts";
import { exportBillingCommand } from "./export_billing.ts";

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
