import assert from "node:assert/strict";
import { join } from "node:path";
import { handWorkedMonth } from "../domain/billing/raw_events.ts";
import { fileName, inMonth, jsonOf, monthsAgo, withAdmin } from "./admin_harness.ts";

Deno.test("export billing writes the billed events as CSV, JSON and Parquet", async () => {
  const month = monthsAgo(2);
  await withAdmin({ events: inMonth(month, handWorkedMonth()) }, async ({ tracker }) => {
    jsonOf(await tracker.run("billing", "fetch", "--months", "3", "--json"));
    const csv = await tracker.run("export", "billing");
    assert.equal(csv.code, 0, csv.stderr);
    assert.equal(csv.stdout.trim().split("\n").length, 1 + 4);

    const rows: { billed_micros: number }[] = jsonOf(await tracker.run("export", "billing", "--format", "json"));
    assert.equal(rows.reduce((sum, row) => sum + row.billed_micros, 0), 792_500);

    const path = join(tracker.dir, "out.csv");
    assert.deepEqual(jsonOf(await tracker.run("export", "billing", "--output", path, "--json")), {
      files: [{ path, rows: 4 }],
    });
    assert.equal(await Deno.readTextFile(path), csv.stdout);

    const only = await tracker.run("export", "billing", "--month", "01-2020");
    assert.equal(only.stdout.trim().split("\n").length, 1);
    assert.equal((await tracker.run("export", "billing", "--month", "2026-01")).code, 2);

    const folder = join(tracker.dir, "lake");
    const args = ["--format", "parquet", "--output", folder, "--month", fileName(month), "--json"];
    const { files } = jsonOf(await tracker.run("export", "billing", ...args));
    const parquet = `${folder}/month=${month}/billing.parquet`;
    assert.deepEqual(files, [{ path: parquet, rows: 4 }]);
    const bytes = await Deno.readFile(parquet);
    assert.equal(new TextDecoder().decode(bytes.subarray(0, 4)), "PAR1");
    assert.equal(new TextDecoder().decode(bytes.subarray(-4)), "PAR1");
  });
});
