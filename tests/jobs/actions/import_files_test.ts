import { tableFiles } from "../../../adapters/files/tables.ts";
import { SqliteEventStore } from "../../../adapters/sqlite/events.ts";
import { openDatabase } from "../../../adapters/sqlite/open.ts";
import { importFiles } from "../../../jobs/actions/import.ts";
import { CSV_EXPORTS, TRUTH } from "../../domain/readers/csv_exports.ts";
import { tempDir } from "../../temp_dir.ts";
import assert from "node:assert/strict";
import type { DatabaseSync } from "node:sqlite";

const clock = { now: () => Temporal.Instant.from("2026-11-21T19:00:00Z") };

interface Importer {
  readonly db: DatabaseSync;
  readonly store: SqliteEventStore;
  run(contents: Readonly<Record<string, string>>, options?: { isStrict?: boolean; signal?: AbortSignal }): ReturnType<
    typeof importFiles
  >;
}

async function withImporter(use: (importer: Importer) => Promise<void>): Promise<void> {
  using dir = tempDir();
  const db = openDatabase(dir.path, { clock });
  const store = new SqliteEventStore(db);
  try {
    await use({
      db,
      store,
      run(contents, { isStrict = false, signal = new AbortController().signal } = {}) {
        for (const [name, text] of Object.entries(contents)) Deno.writeTextFileSync(`${dir.path}/${name}`, text);
        const files = Object.keys(contents).map((name) => `${dir.path}/${name}`);
        const parts = { tables: tableFiles, events: store, history: { rebuild() {} } };
        return importFiles(parts, { files, self: null, isStrict, signal, report: () => {} });
      },
    });
  } finally {
    db.close();
  }
}

function contentOf(db: DatabaseSync): string[] {
  return db.prepare("SELECT * FROM events").all().map(({ id: _, ...row }) => JSON.stringify(row)).sort();
}

function ordersOf<T>(items: readonly T[]): T[][] {
  if (items.length < 2) return [[...items]];
  return items.flatMap((item, at) => ordersOf(items.toSpliced(at, 1)).map((rest) => [item, ...rest]));
}

Deno.test("overlapping exports of four generations come to the truth in every order", async () => {
  const contents: string[][] = [];
  for (const order of ordersOf(Object.entries(CSV_EXPORTS))) {
    await withImporter(async ({ run, store, db }) => {
      const files = await run(Object.fromEntries(order));
      assert.deepEqual(files.flatMap(({ faults }) => faults), []);
      await run(Object.fromEntries(order.slice(0, 2)));
      contents.push(contentOf(db));
      const events = [...store.read()];
      const sum = (figures: readonly (number | null)[]) => figures.reduce<number>((all, each) => all + (each ?? 0), 0);
      assert.deepEqual({
        events: events.length,
        tokens: sum(events.map(({ tokens }) => tokens.total)),
        apiCost: sum(events.map(({ cost }) => cost.api)),
        apiCostUnknown: events.filter(({ cost }) => cost.api === null).length,
        charged: sum(events.map(({ charged }) => charged)),
        restated: events.filter(({ restatedFrom }) => restatedFrom === "included").length,
      }, TRUTH);
    });
  }
  assert.equal(contents.length, 24);
  for (const content of contents) assert.deepEqual(content, contents[0]);
});

const FAULTY = {
  "faulty.csv": `Date,Kind,Model,Max Mode,Input (w/ Cache Write),Input (w/o Cache Write),Cache Read,Output Tokens,` +
    `Total Tokens,Cost
2025-09-01T12:00:00.000Z,Included,auto,No,1,2,3,4,10,0.01
yesterday,Included,auto,No,1,2,3,4,10,0.01
2025-09-01T13:00:00.000Z,Included,auto,No,1,2,3,4,11,0.01
2025-09-01T14:00:00.000Z,Included,auto
`,
};

Deno.test("rows that cannot be read are told by line with reason and mend, and the others are imported", async () => {
  await withImporter(async ({ run, store }) => {
    const [file] = await run(FAULTY);
    assert.deepEqual([file?.rows, file?.added], [1, 1]);
    assert.deepEqual(file?.faults.map(({ line }) => line), [3, 4, 5]);
    const [time, sum, width] = file?.faults ?? [];
    assert.match(time?.what ?? "", /'Date'.*"yesterday"/);
    assert.match(sum?.what ?? "", /the sum of the row's tokens \(10\): current value is 11/);
    assert.match(width?.what ?? "", /must have 10 cells: current value is 3/);
    assert.ok(file?.faults.every(({ hint }) => hint !== ""));
    assert.equal([...store.read()].length, 1);
  });
});

Deno.test("one bad row in any file and a strict import writes nothing of all of them", async () => {
  await withImporter(async ({ run, store }) => {
    const files = await run({ ...CSV_EXPORTS, ...FAULTY }, { isStrict: true });
    assert.equal(files.flatMap(({ faults }) => faults).length, 3);
    assert.equal([...store.read()].length, 0);
    await run(CSV_EXPORTS, { isStrict: true });
    assert.equal([...store.read()].length, TRUTH.events);
  });
});

Deno.test("a file that is no event export, or stops being CSV, is a fault and the others are imported", async () => {
  await withImporter(async ({ run }) => {
    const [head = "", row = ""] = (CSV_EXPORTS["d-2026.csv"] ?? "").split("\n");
    const contents = { "notes.csv": "a,b\n1,2\n", "cut.csv": `${head}\n${row}\n"2025-09`, "empty.csv": "" };
    const [notes, cut, empty] = await run(contents);
    assert.deepEqual([notes?.origin, notes?.faults.map(({ line }) => line)], [null, [1]]);
    assert.deepEqual([cut?.added, cut?.faults.map(({ line }) => line)], [1, [3]]);
    assert.deepEqual([empty?.added, empty?.faults.length], [0, 1]);
  });
});

Deno.test("an interrupted import says that it can be repeated", async () => {
  await withImporter(async ({ run, store }) => {
    const stop = new AbortController();
    stop.abort();
    await assert.rejects(run(CSV_EXPORTS, { signal: stop.signal }), /interrupted/);
    assert.equal([...store.read()].length, 0);
    await run(CSV_EXPORTS);
    assert.equal([...store.read()].length, TRUTH.events);
  });
});
