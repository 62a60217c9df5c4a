import { readCsv } from "../../../adapters/files/tables.ts";
import { TrackerError } from "../../../domain/errors.ts";
import { type ExportColumn, tableOf } from "../../../domain/tables/table.ts";
import { tableBytes } from "../../domain/tables/table_text.ts";
import assert from "node:assert/strict";

/** The text as bytes in chunks of `size`, so that a chunk ends inside a character, a quote or a line end. */
function streamOf(text: string, size: number): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  const chunks = Array.from(
    { length: Math.ceil(bytes.length / size) },
    (_, at) => bytes.slice(at * size, (at + 1) * size),
  );
  return ReadableStream.from(chunks);
}

Deno.test("a byte order mark, quoted commas, quotes and line ends are understood wherever a chunk ends", async () => {
  const text = '\ufeffDate,Kind\r\n"2026-01-01","Errored, No Charge"\r\n\r\n"a ""b""","é\nü"\r\n';
  for (const size of [1, 2, 3, 7, 1000]) {
    const records = await Array.fromAsync(readCsv(streamOf(text, size)));
    assert.deepEqual(records.map(({ cells }) => cells), [
      ["Date", "Kind"],
      ["2026-01-01", "Errored, No Charge"],
      ['a "b"', "é\nü"],
    ]);
    assert.deepEqual(records.map(({ line }) => line).slice(0, 2), [1, 2]);
  }
});

Deno.test("records may have too few or too many cells: that is for the reader of the cells to judge", async () => {
  const records = await Array.fromAsync(readCsv(streamOf("a,b\n1\n1,2,3\n", 100)));
  assert.deepEqual(records.map(({ cells }) => cells.length), [2, 1, 3]);
});

Deno.test("a quote that is never closed is an error with a hint, after the rows before it", async () => {
  const rows: string[][] = [];
  await assert.rejects(async () => {
    for await (const { cells } of readCsv(streamOf('a,b\n1,2\n3,"4', 4))) rows.push([...cells]);
  }, (error) => error instanceof TrackerError && error.hint !== null && error.message.includes("line 2"));
  assert.deepEqual(rows, [["a", "b"], ["1", "2"]]);
});

Deno.test("what is written is read back", async () => {
  const rows = Array.from({ length: 1201 }, (_, at) => [String(at), 'x,"y"\n', ""]);
  const columns = ["n", "text", "empty"].map((name, at): ExportColumn<string[]> => (
    { name, type: "text", meaning: "", value: (row) => row[at] ?? null }
  ));
  const bytes = await tableBytes(tableOf(columns, rows), "csv");
  const records = await Array.fromAsync(readCsv(ReadableStream.from([bytes])));
  assert.deepEqual(records.map(({ cells }) => cells), [["n", "text", "empty"], ...rows]);
});
