import type { MonthFiles } from "../../../domain/billing/ports.ts";
import { messageOf, TrackerError } from "../../../domain/errors.ts";
import { type ExportRow, exportRow } from "../../billing/export_rows.ts";
import { csvText, jsonText } from "../../billing/export_text.ts";
import type { CliContext, Terminal } from "../context.ts";
import { type CommonOptions, writeJson } from "../output.ts";
import { replaceFile } from "../replace_file.ts";

/** How billing can be exported. */
export const EXPORT_FORMATS = ["csv", "json", "parquet"] as const;

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
  const format = json && output === undefined && options.format === "csv" ? "json" : options.format;
  await context.withServices({ echo: "warn" }, async ({ monthFiles, config }) => {
    const all = await monthFiles.list();
    const months = all.filter((month) => options.month === undefined || month.equals(options.month));
    const source = { monthFiles, months, signal: context.interrupted };
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
  readonly signal: AbortSignal;
}

async function* rowsOf({ monthFiles, months, signal }: Source): AsyncGenerator<readonly ExportRow[]> {
  for (const month of months) {
    for await (const events of monthFiles.events(month, { signal })) {
      yield events.map((event) => exportRow(event, month)).filter((row) => row !== null);
    }
  }
}

/** To standard output as it comes, or to a file. Answers the file. */
async function writeText(
  source: Source,
  { format, output, terminal }: { format: "csv" | "json"; output: string | undefined; terminal: Terminal },
): Promise<Written> {
  let rows = 0;
  const counted = async function* () {
    for await (const batch of rowsOf(source)) {
      rows += batch.length;
      yield batch;
    }
  };
  const pieces = format === "csv" ? csvText(counted()) : jsonText(counted());
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
    const rows = (await Array.fromAsync(rowsOf({ ...source, months: [month] }))).flat();
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
