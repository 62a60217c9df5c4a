import { messageOf, TrackerError } from "../../domain/errors.ts";
import {
  type Batches,
  type Cell,
  type ColumnType,
  csvCell,
  type CsvRecord,
  jsonCell,
  type Table,
  type TableFiles,
  type TableTarget,
} from "../../domain/tables/table.ts";
import { replaceFile } from "./files.ts";
import { CsvError, parse } from "csv-parse";
import { stringify } from "csv-stringify/sync";
import { Readable } from "node:stream";
import type { ReadableStream as NodeReadableStream } from "node:stream/web";
import { z } from "zod";

/** Tables in files of this machine. */
export const tableFiles: TableFiles = {
  async size(path) {
    const info = await readable(path, () => Deno.stat(path));
    if (info.isFile) return info.size;
    throw new TrackerError(`Cannot read "${path}" as it is no file`, {
      hint: "Name the files themselves.",
      exitCode: 2,
    });
  },

  async *readCsv(path, onBytes = () => {}) {
    const file = await readable(path, () => Deno.open(path));
    let bytes = 0;
    const counted = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
      transform(chunk, controller) {
        bytes += chunk.length;
        onBytes(bytes);
        controller.enqueue(chunk);
      },
    });
    yield* readCsv(file.readable.pipeThrough(counted));
  },

  async write(table, target) {
    if (target.format === "parquet" && target.path === null && Deno.stdout.isTerminal()) {
      throw new TrackerError("Parquet is no text for a terminal", { hint: "Add --output FILE.", exitCode: 2 });
    }
    let count = 0;
    const batches = counted(table.batches, (rows) => count += rows);
    await writeTo(target, (sink) => writeTable({ ...table, batches }, { ...target, sink }));
    return count;
  },

  async makeFolder(path) {
    try {
      await Deno.mkdir(path, { recursive: true, mode: 0o700 });
    } catch (cause) {
      const hint = "Choose another folder with --output.";
      throw new TrackerError(`Cannot make the folder "${path}": ${messageOf(cause)}`, { hint, cause });
    }
  },
};

async function readable<T>(path: string, open: () => Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (cause) {
    const hint = "Check the file's name, and that this user may read it.";
    throw new TrackerError(`Cannot read "${path}": ${messageOf(cause)}`, { hint, exitCode: 2, cause });
  }
}

async function* counted<T>(batches: Batches<T>, onRows: (count: number) => void): AsyncGenerator<readonly T[], void> {
  for await (const batch of batches) {
    onRows(batch.length);
    yield batch;
  }
}

type Sink = WritableStream<Uint8Array<ArrayBufferLike>>;

async function writeTable(table: Table, { format, sink, signal }: TableTarget & { sink: Sink }): Promise<void> {
  if (format !== "parquet") {
    const text = format === "csv" ? csvText(table) : jsonText(table);
    return await ReadableStream.from(text).pipeThrough(new TextEncoderStream()).pipeTo(sink, { signal });
  }
  const writer = sink.getWriter();
  await writeParquet(table, async (bytes) => {
    signal.throwIfAborted();
    await writer.write(bytes);
  });
  await writer.close();
}

/** A file appears under its name once it is whole; a reader of standard output that went away ends the writing. */
async function writeTo(
  { path, isPrivate = false, signal }: TableTarget,
  write: (sink: Sink) => Promise<void>,
): Promise<void> {
  if (path === null) {
    try {
      // Standard output is not ours to close.
      const { writable } = Deno.stdout;
      const writer = writable.getWriter();
      await write(new WritableStream({ write: (bytes) => writer.write(bytes) }));
      writer.releaseLock();
    } catch (error) {
      if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
    }
    return;
  }
  try {
    await replaceFile(path, (file) => write(file.writable), { mode: isPrivate ? 0o600 : 0o666, isDurable: false });
  } catch (cause) {
    if (signal.aborted) throw new TrackerError(`Nothing was written to "${path}", as the export was interrupted`);
    if (cause instanceof TrackerError) throw cause;
    const hint = "Check that the folder is there, that this user may write to it, and that the disk is not full.";
    throw new TrackerError(`Cannot write "${path}": ${messageOf(cause)}`, { hint, cause });
  }
}

const parsedRow = z.object({ record: z.array(z.string()), info: z.object({ lines: z.number() }) });

/**
 * The records of a CSV text, header included, as they stream in: a byte order mark, quoted commas and line breaks inside
 * quotes are understood, and records may have any number of cells. The stream is cancelled when the reader stops.
 * @throws TrackerError where a quote is never closed, so that the rest of the file has no rows.
 */
export async function* readCsv(bytes: ReadableStream<Uint8Array>): AsyncGenerator<CsvRecord> {
  const source = Readable.fromWeb(bytes as NodeReadableStream<Uint8Array>); // the same class under Node's type
  const parser = parse({ bom: true, relax_column_count: true, skip_empty_lines: true, info: true });
  source.on("error", (error) => parser.destroy(error));
  source.pipe(parser);
  let line = 1;
  try {
    for await (const row of parser) {
      const { record, info } = parsedRow.parse(row);
      line = info.lines;
      yield { line, cells: record };
    }
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    throw new TrackerError(`The file stops being CSV after line ${line}: ${cause.message}.`, {
      hint: "The file may be cut off or edited; export it from Cursor again.",
      cause,
    });
  } finally {
    source.destroy();
  }
}

/** The table as CSV, batch by batch: rows are made only as fast as they are written, so that any number takes bounded memory. */
async function* csvText({ columns, batches }: Table): AsyncGenerator<string, void> {
  yield stringify([columns.map(({ name }) => name)]);
  for await (const rows of batches) {
    yield stringify(rows.map((row) => columns.map(({ type }, at) => csvCell(type, row[at] ?? null))));
  }
}

/** The same as a JSON array, one object a line. */
async function* jsonText({ columns, batches }: Table): AsyncGenerator<string, void> {
  const keys = columns.map(({ name, type }) => ({ key: JSON.stringify(name), type }));
  const objectOf = (row: readonly Cell[]) =>
    `{${keys.map(({ key, type }, at) => `${key}:${jsonCell(type, row[at] ?? null)}`).join(",")}}`;
  let before = "[\n";
  for await (const rows of batches) {
    if (rows.length === 0) continue;
    yield before + rows.map(objectOf).join(",\n");
    before = ",\n";
  }
  yield before === "[\n" ? "[]\n" : "\n]\n";
}

/** Rows that are held in memory and written together. */
const ROWS_PER_GROUP = 20_000;
/** Digits of a sum of money before and after the point: what fits into 64 bits. */
const PRECISION = 18;
const SCALE = 6;
const EPOCH_DAY = Temporal.PlainDate.from("1970-01-01");

type Value = string | number | bigint | boolean | null;

/** Writes the table as Parquet, a group of rows at a time. Money is DECIMAL(18, 6), times are UTC with milliseconds. */
async function writeParquet(
  { columns, batches }: Table,
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
  for await (const group of groupsOf(batches)) {
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

async function* groupsOf(batches: Table["batches"]): AsyncGenerator<(readonly Cell[])[], void> {
  const group: (readonly Cell[])[] = [];
  for await (const rows of batches) {
    for (const row of rows) group.push(row);
    while (group.length >= ROWS_PER_GROUP) yield group.splice(0, ROWS_PER_GROUP);
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
