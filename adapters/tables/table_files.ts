import { messageOf, TrackerError } from "../../domain/errors.ts";
import { csvCell, type Table } from "../../domain/export/columns.ts";
import type { TableFiles, TableTarget } from "../../domain/table_files.ts";
import { readCsv } from "../csv/read_csv.ts";
import { csvStream } from "../csv/write_csv.ts";
import { jsonStream } from "./json_stream.ts";
import { writeParquet } from "./parquet.ts";

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
  const unfinished = `${path}.part`;
  try {
    const file = await Deno.open(unfinished, { write: true, create: true, truncate: true });
    await write(file.writable);
    await Deno.rename(unfinished, path);
  } catch (cause) {
    await removeIfThere(unfinished);
    if (signal.aborted) throw new TrackerError(`Nothing was written to "${path}", as the export was interrupted`);
    if (cause instanceof TrackerError) throw cause;
    const hint = "Check that the folder is there, that this user may write to it, and that the disk is not full.";
    throw new TrackerError(`Cannot write "${path}": ${messageOf(cause)}`, { hint, cause });
  }
}

async function removeIfThere(path: string): Promise<void> {
  try {
    await Deno.remove(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
