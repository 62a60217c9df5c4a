import { CSV_EXPORTS, TRUTH } from "../domain/readers/csv_exports.ts";
import { countIn, type Tracker, withTracker } from "./harness.ts";
import { parquetReadObjects } from "hyparquet";
import assert from "node:assert/strict";

async function writeExports(tracker: Tracker): Promise<string[]> {
  for (const [name, text] of Object.entries(CSV_EXPORTS)) await Deno.writeTextFile(`${tracker.dir}/${name}`, text);
  return Object.keys(CSV_EXPORTS);
}

async function exported(tracker: Tracker, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await tracker.run("export", ...args);
  assert.equal(code, 0, stderr);
  return stdout;
}

Deno.test("what is imported, exported and imported elsewhere is the same", async () => {
  let first = "";
  await withTracker({}, async (tracker) => {
    const files = await writeExports(tracker);
    const { code, stdout } = await tracker.run("import", ...files, "--json");
    assert.equal(code, 0);
    const counts = JSON.parse(stdout).files.map((file: { added: number }) => file.added);
    assert.equal(counts.reduce((sum: number, added: number) => sum + added, 0), TRUTH.events);
    first = await exported(tracker, "events");
    const again = await tracker.run("import", ...files.toReversed());
    assert.equal(again.code, 0);
    assert.match(again.stdout, /0 events are new, 0 were corrected, 17 were known\./);
    assert.equal(await exported(tracker, "events"), first);
  });
  await withTracker({}, async (tracker) => {
    await Deno.writeTextFile(`${tracker.dir}/ours.csv`, first);
    const { code, stderr } = await tracker.run("import", "ours.csv", "--strict");
    assert.equal(code, 0, stderr);
    assert.equal(await exported(tracker, "events"), first);
  });
});

Deno.test("the three formats of an export hold the same rows", async () => {
  await withTracker({ TIME_ZONE: "Europe/Berlin" }, async (tracker) => {
    await tracker.run("import", ...await writeExports(tracker));
    const csv = await exported(tracker, "events", "--from", "2025-08-03", "--to", "2025-09-01");
    const json = JSON.parse(await exported(tracker, "events", "--from", "2025-08-03", "--to", "2025-09-01", "--json"));
    const file = `${tracker.dir}/events.parquet`;
    const said = await exported(
      tracker,
      "events",
      "--from",
      "2025-08-03",
      "--format",
      "parquet",
      "--output",
      file,
      "--json",
    );
    assert.deepEqual(JSON.parse(said), { table: "events", format: "parquet", file, rows: 4 });
    const parquet = await parquetReadObjects({ file: (await Deno.readFile(file)).buffer });
    assert.equal(csv.trim().split("\n").length - 1, 4);
    assert.deepEqual(
      json.map(({ at }: { at: string }) => at),
      parquet.map(({ at }) => at.toJSON().replace(".000Z", "Z")),
    );
    assert.deepEqual(json.map((row: { charged_usd: number }) => row.charged_usd), [null, null, 1.25, null]);
    assert.deepEqual(parquet.map((row) => row["charged_usd"]), [null, null, 1.25, null]);
    const daily = await exported(tracker, "daily");
    assert.match(daily, /^2025-08-02,(\d+,){4}200,0\.380000,0\.000000,false$/m);
  });
});

Deno.test("bad rows are told by file and line and end with exit code 1; --strict then imports nothing", async () => {
  await withTracker({}, async (tracker) => {
    const [head = "", row = ""] = (CSV_EXPORTS["d-2026.csv"] ?? "").split("\n");
    await Deno.writeTextFile(`${tracker.dir}/bad.csv`, `${head}\n${row}\n${row.replace("2025-09-01", "2025-13-41")}\n`);
    const strict = await tracker.run("import", "bad.csv", "--strict");
    assert.equal(strict.code, 1);
    assert.match(strict.stderr, /Error: bad\.csv:3: Cannot read 'Date'/);
    assert.match(strict.stdout, /Nothing was imported/);
    assert.equal((await exported(tracker, "events")).trim().split("\n").length, 1);
    const lenient = await tracker.run("import", "bad.csv", "--json");
    assert.equal(lenient.code, 1);
    const [file] = JSON.parse(lenient.stdout).files;
    assert.deepEqual([file.added, file.faults[0].line], [1, 3]);
    assert.match(file.faults[0].hint, /Correct the cell/);
  });
});

Deno.test("wrong words of import, export and replay exit with 2 and say what helps", async () => {
  await withTracker({}, async (tracker) => {
    const wrong = [
      ["import"],
      ["import", "none.csv"],
      ["export", "everything"],
      ["export", "events", "--format", "xml"],
      ["export", "events", "--from", "yesterday"],
      ["export", "events", "--from", "2025-09-02", "--to", "2025-09-01"],
      ["export", "events", "--format", "csv", "--json"],
      ["replay", "--capture", "99"],
    ];
    for (const args of wrong) {
      const { code, stderr } = await tracker.run(...args);
      assert.equal(code, 2, args.join(" "));
      assert.match(stderr, /Try|--help/, args.join(" "));
    }
  });
});

Deno.test("a file that is exported anew is replaced at once, never half", async () => {
  await withTracker({}, async (tracker) => {
    await tracker.run("import", ...await writeExports(tracker));
    await exported(tracker, "usage", "--output", "usage.csv");
    assert.match(await Deno.readTextFile(`${tracker.dir}/usage.csv`), /^snapshot_id,captured_at,.*\n$/);
    const { code, stderr } = await tracker.run("export", "usage", "--output", "no/usage.csv");
    assert.equal(code, 1);
    assert.match(stderr, /Try: .*folder/);
    assert.equal(countIn(tracker, "events"), TRUTH.events);
  });
});
