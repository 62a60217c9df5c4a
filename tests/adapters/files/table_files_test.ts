import { tableFiles } from "../../../adapters/files/tables.ts";
import { type Cell, type ExportColumn, TABLE_FORMATS, tableOf } from "../../../domain/tables/table.ts";
import { tempDir } from "../../temp_dir.ts";
import { parquetMetadata, parquetReadObjects } from "hyparquet";
import assert from "node:assert/strict";

type Row = readonly Cell[];

const TYPES = ["text", "integer", "number", "boolean", "time", "date", "dollars"] as const;
const COLUMNS = TYPES.map((type, at): ExportColumn<Row> => ({
  name: type,
  type,
  meaning: "",
  value: (row) => row[at] ?? null,
}));
const ROWS: Row[] = [
  ["=SUM(A1)", 12, 0.5, true, "2026-11-20T10:00:00.123Z", "2026-11-20", 40_167],
  ['two\nlines, "quoted"', 2 ** 40, 1.25, false, "1999-12-31T23:59:59Z", "1969-12-31", 9_000_000_000_000_001],
  [null, null, null, null, null, null, null],
];
const signal = new AbortController().signal;

Deno.test("a CSV file holds what was given, unknown as an empty cell and formulas disarmed", async () => {
  using dir = tempDir();
  const path = `${dir.path}/t.csv`;
  assert.equal(await tableFiles.write(tableOf(COLUMNS, ROWS), { format: "csv", path, signal }), 3);
  const text = await Deno.readTextFile(path);
  assert.equal(
    text,
    `text,integer,number,boolean,time,date,dollars
'=SUM(A1),12,0.5,true,2026-11-20T10:00:00.123Z,2026-11-20,0.040167
"two
lines, ""quoted""",1099511627776,1.25,false,1999-12-31T23:59:59Z,1969-12-31,9000000000.000001
,,,,,,
`,
  );
  assert.equal((await Array.fromAsync(tableFiles.readCsv(path))).length, 4);
});

Deno.test("a JSON file is one array of objects, exact to the last digit", async () => {
  using dir = tempDir();
  const path = `${dir.path}/t.json`;
  await tableFiles.write(tableOf(COLUMNS, ROWS), { format: "json", path, signal });
  const text = await Deno.readTextFile(path);
  assert.ok(text.includes(`"dollars":9000000000.000001`));
  const [first, , last] = JSON.parse(text);
  assert.deepEqual(Object.values(first), [
    "=SUM(A1)",
    12,
    0.5,
    true,
    "2026-11-20T10:00:00.123Z",
    "2026-11-20",
    0.040167,
  ]);
  assert.deepEqual(new Set(Object.values(last)), new Set([null]));
  await tableFiles.write(tableOf(COLUMNS, []), { format: "json", path, signal });
  assert.deepEqual(JSON.parse(await Deno.readTextFile(path)), []);
});

async function bytesOf(path: string): Promise<ArrayBuffer> {
  return (await Deno.readFile(path)).buffer;
}

Deno.test("a Parquet file reads back with its types: UTC times, dates, decimals and nulls", async () => {
  using dir = tempDir();
  const path = `${dir.path}/t.parquet`;
  await tableFiles.write(tableOf(COLUMNS, ROWS), { format: "parquet", path, signal });
  const file = await bytesOf(path);
  const [first, second, last] = await parquetReadObjects({ file });
  assert.deepEqual({ ...first, time: first?.["time"].toISOString(), date: first?.["date"].toISOString() }, {
    text: "=SUM(A1)",
    integer: 12n,
    number: 0.5,
    boolean: true,
    time: "2026-11-20T10:00:00.123Z",
    date: "2026-11-20T00:00:00.000Z",
    dollars: 0.040167,
  });
  assert.equal(second?.["integer"], 1099511627776n);
  assert.equal(second?.["date"].toISOString(), "1969-12-31T00:00:00.000Z");
  assert.deepEqual(new Set(Object.values(last ?? {})), new Set([null]));
  const money = parquetMetadata(file).schema.find(({ name }) => name === "dollars");
  assert.deepEqual([money?.converted_type, money?.precision, money?.scale], ["DECIMAL", 18, 6]);
});

Deno.test("a Parquet file of many rows is made of groups, and of none where there are no rows", async () => {
  using dir = tempDir();
  const path = `${dir.path}/t.parquet`;
  const rows = Array.from({ length: 45_000 }, (_, at): Row => [`row ${at}`, at]);
  await tableFiles.write(tableOf(COLUMNS.slice(0, 2), rows), { format: "parquet", path, signal });
  const file = await bytesOf(path);
  assert.deepEqual(parquetMetadata(file).row_groups.map(({ num_rows }) => Number(num_rows)), [20_000, 20_000, 5_000]);
  const read = await parquetReadObjects({ file, rowStart: 39_999, rowEnd: 40_001 });
  assert.deepEqual(read, [{ text: "row 39999", integer: 39_999n }, { text: "row 40000", integer: 40_000n }]);
  await tableFiles.write(tableOf(COLUMNS, []), { format: "parquet", path, signal });
  assert.deepEqual(await parquetReadObjects({ file: await bytesOf(path) }), []);
});

Deno.test("a file that could not be finished leaves the old one as it was, and nothing else", async () => {
  function* failing(): Generator<Row> {
    yield ["one"];
    throw new Error("the rows ended early");
  }
  for (const format of TABLE_FORMATS) {
    using dir = tempDir();
    const path = `${dir.path}/t`;
    await Deno.writeTextFile(path, "old");
    await assert.rejects(
      tableFiles.write(tableOf(COLUMNS, failing()), { format, path, signal }),
      /Cannot write .*early/,
    );
    assert.equal(await Deno.readTextFile(path), "old");
    assert.deepEqual([...Deno.readDirSync(dir.path)].map(({ name }) => name), ["t"]);
  }
});

Deno.test("a folder that is not there, and a file that is not there, are told with what helps", async () => {
  using dir = tempDir();
  const path = `${dir.path}/none/t.csv`;
  const write = tableFiles.write(tableOf(COLUMNS, ROWS), { format: "csv", path, signal });
  await assert.rejects(write, { name: "TrackerError", hint: /the folder is there/ });
  await assert.rejects(tableFiles.size(path), { name: "TrackerError", exitCode: 2 });
  await assert.rejects(tableFiles.size(dir.path), /as it is no file/);
});
