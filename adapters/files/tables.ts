import { messageOf, TrackerError } from "../../domain/errors.ts";
import {
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
    const rows = counting(table.rows, () => count++);
    await writeTo(target, (sink) => writeTable({ ...table, rows }, { ...target, sink }));
    return count;
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

function* counting<T>(rows: Iterable<T>, onRow: () => void): Generator<T, void> {
  for (const row of rows) {
    onRow();
    yield row;
  }
}

type Sink = WritableStream<Uint8Array<ArrayBufferLike>>;

async function writeTable(table: Table, { format, sink, signal }: TableTarget & { sink: Sink }): Promise<void> {
  if (format === "csv") {
    const lines = csvLines(table);
    return await csvStream(table.columns.map(({ name }) => name), lines).pipeTo(sink, { signal });
  }
  if (format === "json") return await jsonStream(table).pipeTo(sink, { signal });
  const writer = sink.getWriter();
  await writeParquet(table, async (bytes) => {
    signal.throwIfAborted();
    await writer.write(bytes);
  });
  await writer.close();
}

function* csvLines({ columns, rows }: Table): Generator<string[], void> {
  for (const row of rows) yield columns.map(({ type }, at) => csvCell(type, row[at] ?? null));
}

/** A file appears under its name once it is whole; a reader of standard output that went away ends the writing. */
async function writeTo({ path, signal }: TableTarget, write: (sink: Sink) => Promise<void>): Promise<void> {
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
    await replaceFile(path, (file) => write(file.writable), { mode: 0o666, isDurable: false });
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

const ROWS_PER_CHUNK = 500;

/**
 * CSV text as a stream, some hundred rows a chunk: rows are asked for only as fast as they are written, so that any
 * number of them takes bounded memory. Cells are quoted where they must be; disarming formulas is the caller's.
 */
export function csvStream(
  header: readonly string[],
  rows: AsyncIterable<readonly string[]> | Iterable<readonly string[]>,
): ReadableStream<Uint8Array> {
  return ReadableStream.from(chunksOf(header, rows)).pipeThrough(new TextEncoderStream());
}

async function* chunksOf(
  header: readonly string[],
  rows: AsyncIterable<readonly string[]> | Iterable<readonly string[]>,
): AsyncGenerator<string> {
  let batch: string[][] = [[...header]];
  for await (const row of rows) {
    batch.push([...row]);
    if (batch.length < ROWS_PER_CHUNK) continue;
    yield stringify(batch);
    batch = [];
  }
  if (batch.length > 0) yield stringify(batch);
}

/** The table as a JSON array, one object a line, made as fast as it is written. */
function jsonStream({ columns, rows }: Table): ReadableStream<Uint8Array> {
  return ReadableStream.from(chunks({ columns, rows })).pipeThrough(new TextEncoderStream());
}

function* chunks({ columns, rows }: Table): Generator<string, void> {
  const keys = columns.map(({ name, type }) => ({ key: JSON.stringify(name), type }));
  let lines: string[] = [];
  let separator = "[\n";
  for (const row of rows) {
    lines.push(`{${keys.map(({ key, type }, at) => `${key}:${jsonCell(type, row[at] ?? null)}`).join(",")}}`);
    if (lines.length < ROWS_PER_CHUNK) continue;
    yield separator + lines.join(",\n");
    separator = ",\n";
    lines = [];
  }
  if (lines.length > 0) yield separator + lines.join(",\n");
  yield separator === "[\n" && lines.length === 0 ? "[]\n" : "\n]\n";
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
