import { stringify } from "csv-stringify/sync";

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
