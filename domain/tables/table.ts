import type { TokenCounts } from "../capture/usage.ts";

/** What a cell of an export may be. Times, dates and texts are text, dollars are integer micro-dollars. */
export type Cell = string | number | boolean | null;

/** `dollars` holds micro-dollars and is written as an exact decimal; `time` is ISO 8601 UTC, `date` "YYYY-MM-DD". */
export type ColumnType = "text" | "integer" | "number" | "boolean" | "time" | "date" | "dollars";

/** A column as a writer needs it. */
interface TableColumn {
  readonly name: string;
  /** For a person who reads the documentation. */
  readonly meaning: string;
  readonly type: ColumnType;
}

/** One column of an export: its name, what it means, and its value. Unknown is null. */
export interface ExportColumn<Row> extends TableColumn {
  readonly value: (row: Row) => Cell;
}

/** Some at a time, each batch made as it is asked for. */
export type Batches<T> = Iterable<readonly T[]> | AsyncIterable<readonly T[]>;

/** Something to export: rows of cells in the order of the columns. */
export interface Table {
  readonly columns: readonly TableColumn[];
  readonly batches: Batches<readonly Cell[]>;
}

const ROWS_PER_BATCH = 500;

/** A table of these columns. */
export function tableOf<Row>(columns: readonly ExportColumn<Row>[], rows: Iterable<Row>): Table {
  return tableOfBatches(columns, batchesOf(rows));
}

/** The same of rows that come in batches. */
export function tableOfBatches<Row>(columns: readonly ExportColumn<Row>[], batches: Batches<Row>): Table {
  return { columns, batches: cellsOf(columns, batches) };
}

async function* cellsOf<Row>(
  columns: readonly ExportColumn<Row>[],
  batches: Batches<Row>,
): AsyncGenerator<Cell[][], void> {
  for await (const rows of batches) yield rows.map((row) => columns.map(({ value }) => value(row)));
}

function* batchesOf<Row>(rows: Iterable<Row>): Generator<Row[], void> {
  let batch: Row[] = [];
  for (const row of rows) {
    batch.push(row);
    if (batch.length < ROWS_PER_BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** The columns of the token counts. */
export function tokenColumns<Row>(
  counts: (row: Row) => { readonly [count in keyof TokenCounts]: number | null },
  { meaning = "tokens" }: { meaning?: string } = {},
): readonly ExportColumn<Row>[] {
  const column = (name: string, count: keyof TokenCounts): ExportColumn<Row> => (
    { name, type: "integer", meaning, value: (row) => counts(row)[count] }
  );
  return [
    column("input_with_cache_write_tokens", "inputWithCacheWrite"),
    column("input_without_cache_write_tokens", "inputWithoutCacheWrite"),
    column("cache_read_tokens", "cacheRead"),
    column("output_tokens", "output"),
    column("total_tokens", "total"),
  ];
}

/** The text of a cell in a CSV file, which no spreadsheet takes for a formula. Unknown is an empty cell. */
export function csvCell(type: ColumnType, value: Cell): string {
  if (value === null) return "";
  if (type === "dollars" && typeof value === "number") return decimalDollars(value);
  return type === "text" ? safeText(String(value)) : String(value);
}

/** The text of a cell in a JSON document. Dollars are a number with all its digits. */
export function jsonCell(type: ColumnType, value: Cell): string {
  return type === "dollars" && typeof value === "number" ? decimalDollars(value) : JSON.stringify(value);
}

/**
 * Text that begins like a formula (some programs take full-width signs for signs) gets an apostrophe before it, and so does text that begins with an apostrophe, so that
 * reading it back gives the same text.
 */
export function safeText(text: string): string {
  return /^[=+\-@\t\r\n'＝＋－＠]/.test(text) ? `'${text}` : text;
}

/** The text that `safeText` was given. */
export function unsafeText(cell: string): string {
  return /^'[=+\-@\t\r\n'＝＋－＠]/.test(cell) ? cell.slice(1) : cell;
}

/** Micro-dollars as dollars with six digits, without a float on the way: "0.040167". */
function decimalDollars(micros: number): string {
  const digits = String(Math.abs(micros)).padStart(7, "0");
  return `${micros < 0 ? "-" : ""}${digits.slice(0, -6)}.${digits.slice(-6)}`;
}

/** How a table can be written. */
export const TABLE_FORMATS = ["csv", "json", "parquet"] as const;
export type TableFormat = typeof TABLE_FORMATS[number];

/** Where a table is written to. */
export interface TableTarget {
  readonly format: TableFormat;
  /** A file, which appears once it is whole; null is standard output. */
  readonly path: string | null;
  /** Whether only this user may read the file. Default: as the system makes files. */
  readonly isPrivate?: boolean;
  readonly signal: AbortSignal;
}

/** Files with tables, read and written as streams. */
export interface TableFiles {
  /** Size in bytes. @throws TrackerError where it is no file that can be read. */
  size(path: string): Promise<number>;
  /**
   * The records of a CSV file, header included. `onBytes` is told how many bytes were read so far.
   * @throws TrackerError where it cannot be read, or stops being CSV.
   */
  readCsv(path: string, onBytes?: (bytes: number) => void): AsyncIterable<CsvRecord>;
  /** Writes the table batch by batch; returns how many rows. @throws TrackerError if it cannot be written. */
  write(table: Table, target: TableTarget): Promise<number>;
  /** Makes a folder for tables, which only this user may enter. @throws TrackerError if it cannot be made. */
  makeFolder(path: string): Promise<void>;
}

/** One record of a file, its text split into cells. */
export interface CsvRecord {
  /** From 1; the header is line 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** A record that cannot be read: where it is, what is wrong, and how to mend it. */
export interface CsvFault {
  readonly file: string;
  readonly line: number;
  readonly what: string;
  readonly hint: string;
}
