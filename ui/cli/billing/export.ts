import type { MonthFiles } from "../../../domain/billing/ports.ts";
import { messageOf, TrackerError } from "../../../domain/errors.ts";
import type { JsonObject } from "../../../domain/json.ts";
import { exportRow } from "../../billing/export_rows.ts";
import { csvText, jsonText } from "../../billing/export_text.ts";
import { billingAccount, type FocusCharge, focusCharge } from "../../billing/focus_rows.ts";
import { focusText } from "../../billing/focus_text.ts";
import type { CliContext, Terminal } from "../context.ts";
import { type CommonOptions, writeJson } from "../output.ts";
import { replaceFile } from "../replace_file.ts";

/** How billing can be exported. */
export const EXPORT_FORMATS = ["csv", "json", "parquet", "focus"] as const;

/** Options of `tracker export billing`. */
export interface ExportOptions extends CommonOptions {
  readonly format: typeof EXPORT_FORMATS[number];
  readonly month?: Temporal.PlainYearMonth;
  readonly output?: string;
}

type Written = { path: string; rows: number }[];

/** `tracker export billing`. @throws TrackerError where a month's file is damaged, or the disk refuses. */
export async function exportBilling(context: CliContext, options: ExportOptions): Promise<void> {
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
      ? await writeParquet(source, output ?? `${config.dataDir}/export/billing`)
      : await writeText(source, { format, output, terminal: context.terminal });
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

type TextFormat = Exclude<ExportOptions["format"], "parquet">;

/** To standard output as it comes, or to a file. Answers the file. */
async function writeText(
  source: Source,
  { format, output, terminal }: { format: TextFormat; output: string | undefined; terminal: Terminal },
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
    for await (const piece of pieces) terminal.write(piece);
    return [];
  }
  await replaceFile(output, pieces);
  return [{ path: output, rows }];
}

/** `month=2026-01/billing.parquet`: a folder that DuckDB, Spark and ClickHouse read as one table. */
async function writeParquet(source: Source, folder: string): Promise<Written> {
  const { parquetBytes } = await import("../../billing/export_parquet.ts");
  const written: Written = [];
  for (const month of source.months) {
    const rows = (await Array.fromAsync(rowsOf({ ...source, months: [month] }, exportRow))).flat();
    const path = `${folder}/month=${month}/billing.parquet`;
    await makeFolder(`${folder}/month=${month}`);
    await replaceFile(path, parquetBytes(rows));
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
