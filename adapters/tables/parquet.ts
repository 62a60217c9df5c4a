import type { Cell, ColumnType, Table } from "../../domain/export/columns.ts";

/** Rows that are held in memory and written together. */
const ROWS_PER_GROUP = 20_000;
/** Digits of a sum of money before and after the point: what fits into 64 bits. */
const PRECISION = 18;
const SCALE = 6;
const EPOCH_DAY = Temporal.PlainDate.from("1970-01-01");

type Value = string | number | bigint | boolean | null;

/** Writes the table as Parquet, a group of rows at a time. Money is DECIMAL(18, 6), times are UTC with milliseconds. */
export async function writeParquet(
  { columns, rows }: Table,
  write: (bytes: Uint8Array) => Promise<void>,
): Promise<void> {
  // Loaded only here: nothing else needs it.
  const { ByteWriter, ParquetWriter } = await import("hyparquet-writer");
  const buffer = new ByteWriter();
  const schema = [{ name: "root", num_children: columns.length }, ...columns.map(elementOf)];
  const parquet = new ParquetWriter({ writer: buffer, schema, createdBy: "tracker" });
  const flush = async () => {
    const bytes = buffer.getBytes().slice();
    buffer.index = 0; // its offset goes on counting: that is where the next group is
    await write(bytes);
  };
  for (const group of groupsOf(rows)) {
    const columnData = columns.map(({ name, type }, at) => ({
      name,
      data: group.map((row) => valueOf(type, row[at] ?? null)),
    }));
    await parquet.write({ columnData, rowGroupSize: ROWS_PER_GROUP });
    await flush();
  }
  await parquet.finish();
  await flush();
}

function* groupsOf(rows: Table["rows"]): Generator<(readonly Cell[])[], void> {
  let group: (readonly Cell[])[] = [];
  for (const row of rows) {
    group.push(row);
    if (group.length < ROWS_PER_GROUP) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}

function elementOf({ name, type }: Table["columns"][number]) {
  return { name, repetition_type: "OPTIONAL", ...PARQUET_TYPES[type] } as const;
}

const PARQUET_TYPES = {
  text: { type: "BYTE_ARRAY", converted_type: "UTF8" },
  integer: { type: "INT64" },
  number: { type: "DOUBLE" },
  boolean: { type: "BOOLEAN" },
  time: {
    type: "INT64",
    converted_type: "TIMESTAMP_MILLIS",
    logical_type: { type: "TIMESTAMP", isAdjustedToUTC: true, unit: "MILLIS" },
  },
  date: { type: "INT32", converted_type: "DATE" },
  dollars: { type: "INT64", converted_type: "DECIMAL", precision: PRECISION, scale: SCALE },
} as const satisfies Record<ColumnType, unknown>;

function valueOf(type: ColumnType, cell: Cell): Value {
  if (cell === null) return null;
  if (type === "time") return BigInt(Temporal.Instant.from(String(cell)).epochMilliseconds);
  if (type === "date") return EPOCH_DAY.until(Temporal.PlainDate.from(String(cell))).days;
  return (type === "integer" || type === "dollars") && typeof cell === "number" ? BigInt(cell) : cell;
}
