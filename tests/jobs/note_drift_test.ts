import { openDatabase } from "../../adapters/sqlite/open.ts";
import { sqliteStores } from "../../adapters/sqlite/stores.ts";
import { fingerprintOf } from "../../domain/readers/drift.ts";
import type { Stores } from "../../domain/stores.ts";
import { noteDrift } from "../../jobs/scrape.ts";
import { tempDir } from "../temp_dir.ts";
import assert from "node:assert/strict";

const T0 = Temporal.Instant.from("2026-11-21T10:00:00Z");
const ROW = { modelIntent: "a", inputTokens: "12", outputTokens: "3", totalCents: 1.5 };
const { totalCents: _, ...FREE } = ROW;

function withStores(use: (stores: Stores) => void): void {
  using dir = tempDir();
  const db = openDatabase(dir.path, { clock: { now: () => T0 } });
  try {
    use(sqliteStores(db));
  } finally {
    db.close();
  }
}

function note(stores: Stores, row: Record<string, string | number>, hour: number) {
  const fingerprint = fingerprintOf({ aggregations: [row] });
  const observed = [{ endpoint: "usage", recognizer: "aggregated_usage_events", fingerprint }];
  return noteDrift(stores, { observed, at: T0.add({ hours: hour }) });
}

Deno.test("a lost figure opens one alert, which lasts until the figure is back", () => {
  withStores((stores) => {
    assert.equal(note(stores, ROW, 0).length, 0);
    assert.equal(stores.alerts.listOpen("schema_drift").length, 0);
    assert.deepEqual(note(stores, FREE, 1).map(({ lostFigures }) => lostFigures), [["API cost"]]);
    note(stores, FREE, 2);
    const [alert, ...more] = stores.alerts.list(10);
    assert.equal(more.length, 0);
    assert.match(alert?.details ?? "", /API cost \(usage\): shown as unknown/);
    assert.equal(alert?.triggeredAt.toString(), "2026-11-21T11:00:00Z");
    assert.equal(String(stores.shapes.list()[0]?.driftedAt), "2026-11-21T11:00:00Z");
    note(stores, ROW, 3);
    assert.equal(stores.alerts.listOpen("schema_drift").length, 0);
    note(stores, FREE, 4);
    assert.equal(stores.alerts.listOpen("schema_drift").length, 1);
    assert.equal(stores.alerts.list(10).length, 2);
  });
});

Deno.test("a new field is told once and opens no alert", () => {
  withStores((stores) => {
    note(stores, ROW, 0);
    assert.deepEqual(note(stores, { ...ROW, tier: "fast" }, 1).map(({ added }) => added), [["aggregations[].tier"]]);
    assert.equal(note(stores, { ...ROW, tier: "fast" }, 2).length, 0);
    assert.equal(stores.alerts.list(10).length, 0);
  });
});
