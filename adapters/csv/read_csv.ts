import { Readable } from "node:stream";
import type { ReadableStream as NodeReadableStream } from "node:stream/web";
import { CsvError, parse } from "csv-parse";
import { z } from "zod";
import type { CsvRecord } from "../../domain/csv/event_row.ts";
import { TrackerError } from "../../domain/errors.ts";

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
