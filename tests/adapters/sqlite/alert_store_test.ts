import { SqliteAlertStore } from "../../../adapters/sqlite/alerts.ts";
import { openDatabase } from "../../../adapters/sqlite/open.ts";
import { tempDir } from "../../temp_dir.ts";
import assert from "node:assert/strict";

const AT = Temporal.Instant.from("2026-11-21T19:00:00Z");
const clock = { now: () => AT };

Deno.test("an alert that one process opened is not opened again by another", () => {
  using dir = tempDir();
  const [mine, theirs] = [openDatabase(dir.path, { clock }), openDatabase(dir.path, { clock })];
  try {
    const alert = {
      kind: "threshold_hit",
      dedupeKey: "threshold:2026-11-10:5",
      details: "$5 reached",
      at: AT,
    } as const;
    assert.equal(new SqliteAlertStore(mine).open(alert), true);
    assert.equal(new SqliteAlertStore(theirs).open(alert), false);
    assert.equal(new SqliteAlertStore(theirs).listOpen().length, 1);
  } finally {
    mine.close();
    theirs.close();
  }
});
