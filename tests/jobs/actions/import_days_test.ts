import { tableFiles } from "../../../adapters/files/tables.ts";
import { importFiles } from "../../../jobs/actions/import.ts";
import { store, testDatabase } from "../../adapters/sqlite/test_database.ts";
import { brief, row, snapshot } from "../../domain/history/snapshots.ts";
import { tempDir } from "../../temp_dir.ts";
import assert from "node:assert/strict";

const EXPORT = "Date,Cloud Agent ID,Automation ID,Kind,Model,Max Mode,Input (w/ Cache Write)," +
  "Input (w/o Cache Write),Cache Read,Output Tokens,Total Tokens,Cost\n" +
  `"2026-11-03T08:00:00.000Z","","","On-Demand","opus","No","0","0","0","10","10","2.00"\n`;

Deno.test("an import moves days that were spread to those of its events, and so does repeating one that was killed", async () => {
  using dir = tempDir();
  using database = testDatabase();
  const { stores } = database;
  Deno.writeTextFileSync(`${dir.path}/events.csv`, EXPORT);
  store(stores, snapshot("2026-11-01T10:00:00Z", [row("opus", 1)], { checkedAt: "2026-11-02T00:00:00Z" }));
  store(stores, snapshot("2026-11-04T00:00:00Z", [row("opus", 3)]));
  assert.deepEqual(brief(stores.history.days({})), [
    "2026-11-01 opus 1",
    "2026-11-02 opus ~1",
    "2026-11-03 opus ~1",
  ]);
  const options = { files: [`${dir.path}/events.csv`], self: null, isStrict: false, report: () => {} };
  const signal = new AbortController().signal;
  // Killed between its events and its days.
  await importFiles({ tables: tableFiles, events: stores.events, history: { rebuild() {} } }, { ...options, signal });
  const parts = { tables: tableFiles, events: stores.events, history: stores.history };
  const [file] = await importFiles(parts, { ...options, signal });
  assert.equal(file?.known, 1);
  assert.deepEqual(brief(stores.history.days({})), ["2026-11-01 opus 1", "2026-11-03 opus 2"]);
});
