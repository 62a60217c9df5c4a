import type { CsvRecord } from "./csv/event_row.ts";
import type { Table } from "./export/columns.ts";

/** How a table can be written. */
export const TABLE_FORMATS = ["csv", "json", "parquet"] as const;
export type TableFormat = typeof TABLE_FORMATS[number];

/** Where a table is written to. */
export interface TableTarget {
  readonly format: TableFormat;
  /** A file, which appears once it is whole; null is standard output. */
  readonly path: string | null;
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
  /** Writes the table row by row; answers how many rows. @throws TrackerError where it cannot be written. */
  write(table: Table, target: TableTarget): Promise<number>;
}
