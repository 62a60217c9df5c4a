import { handWorkedMonth } from "../domain/billing/raw_events.ts";
import { fileName, inMonth, jsonOf, monthsAgo, withAdmin } from "./admin_harness.ts";
import { parse } from "csv-parse/sync";
import { parquetReadObjects } from "hyparquet";
import assert from "node:assert/strict";
import { join } from "node:path";

Deno.test("export billing writes the billed events as CSV, JSON and Parquet", async () => {
  const month = monthsAgo(2);
  await withAdmin({ events: inMonth(month, handWorkedMonth()) }, async ({ tracker }) => {
    jsonOf(await tracker.run("billing", "fetch", "--months", "3", "--json"));
    const csv = await tracker.run("export", "billing");
    assert.equal(csv.code, 0, csv.stderr);
    assert.equal(csv.stdout.trim().split("\n").length, 1 + 4);

    const rows: { user: string; model: string; billed_micros: number }[] = jsonOf(
      await tracker.run("export", "billing", "--format", "json"),
    );
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
    const readBack = await parquetReadObjects({ file: (await Deno.readFile(parquet)).buffer });
    assert.deepEqual(
      readBack.map((row) => [row["user"], row["model"], Number(row["billed_micros"])]),
      rows.map((row) => [row.user, row.model, row.billed_micros]),
    );
  });
});

Deno.test("export billing --format focus writes the billed events for FinOps tools", async () => {
  await withAdmin({ events: inMonth(monthsAgo(2), handWorkedMonth()) }, async ({ tracker }) => {
    jsonOf(await tracker.run("billing", "fetch", "--months", "3", "--json"));
    const { code, stdout, stderr } = await tracker.run("export", "billing", "--format", "focus");
    assert.equal(code, 0, stderr);
    const rows: Record<string, string>[] = parse(stdout, { columns: true });
    assert.deepEqual(rows.map((row) => row["BilledCost"]).toSorted(), ["0.080000", "0.122500", "0.215000", "0.375000"]);
    const start = `${monthsAgo(2)}-01T00:00:00Z`;
    assert.deepEqual(rows.map((row) => row["BillingPeriodStart"]), [start, start, start, start]);

    const path = join(tracker.dir, "focus.csv");
    const args = ["export", "billing", "--format", "focus", "--json"];
    assert.deepEqual(jsonOf(await tracker.run(...args, "--output", path)), { files: [{ path, rows: 4 }] });
    assert.equal(await Deno.readTextFile(path), stdout);
    const both = await tracker.run(...args);
    assert.equal(both.code, 2);
    assert.match(both.stderr, /--json and --format focus cannot both go to standard output/);
  });
});
