import { type BasicType, parquetWriteBuffer } from "hyparquet-writer";
import { EXPORT_COLUMNS, type ExportRow } from "./export_rows.ts";

type Column = typeof EXPORT_COLUMNS[number];

/** The month is the folder's name, where readers of partitioned tables look for it. */
const TYPES: Readonly<Partial<Record<Column, BasicType>>> = {
  timestamp: "TIMESTAMP",
  user: "STRING",
  model: "STRING",
  kind: "STRING",
  max_mode: "BOOLEAN",
};
const FILE_COLUMNS = EXPORT_COLUMNS.filter((column) => column !== "month");

/** A month's rows as one Parquet file: integers of 64 bits, times in UTC. */
export function parquetBytes(rows: readonly ExportRow[]): Uint8Array {
  const columnData = FILE_COLUMNS.map((name) => (
    { name, type: TYPES[name] ?? "INT64", nullable: true, data: rows.map((row) => cell(name, row[name])) }
  ));
  return new Uint8Array(parquetWriteBuffer({ columnData }));
}

function cell(column: Column, value: ExportRow[Column]) {
  // The library takes times as Date objects only.
  if (column === "timestamp") return typeof value === "string" ? new Date(value) : null;
  return typeof value === "number" ? BigInt(value) : value;
}
