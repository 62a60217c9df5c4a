import { SqliteCaptureStore } from "../../../adapters/sqlite/captures.ts";
import { SqliteUsageStore } from "../../../adapters/sqlite/usage.ts";
import { type Micros, micros, toCents } from "../../../domain/money.ts";
import { captureOf, htmlPayload, jsonPayload } from "../../domain/capture/capture_of.ts";
import { CYCLE, usageRow } from "../../domain/capture/rows.ts";
import { testDatabase } from "./test_database.ts";
import fc from "fast-check";
import assert from "node:assert/strict";
import type { DatabaseSync } from "node:sqlite";

const AT = Temporal.Instant.from("2026-11-21T19:00:00Z");

/** Stores one row per amount, as both costs. */
function storeAmounts(
  db: DatabaseSync,
  amounts: readonly (Micros | null)[],
  from: { captureId?: number; payload?: number } = {},
) {
  return new SqliteUsageStore(db).insert({
    usage: {
      cycle: CYCLE,
      rows: amounts.map((amount) => usageRow({ apiCost: amount, costToYou: amount })),
      pools: [],
      source: "network_json",
      membership: null,
    },
    tableHash: "0".repeat(64),
    capturedAt: AT,
    captureId: from.captureId ?? null,
    payload: from.payload ?? null,
  });
}

function centsOf(db: DatabaseSync, snapshotId: number): unknown[][] {
  const sql = "SELECT api_cost_cents, cost_to_you_cents FROM usage_events WHERE snapshot_id = ? ORDER BY id";
  return db.prepare(sql).all(snapshotId).map((row) => [row["api_cost_cents"], row["cost_to_you_cents"]]);
}

Deno.test("the cents columns are the micro-dollars rounded half to even, below zero too", () => {
  using test = testDatabase();
  const expected = new Map<number | null, number | null>([
    [20_180_000, 2_018],
    [5_000, 0],
    [5_001, 1],
    [14_999, 1],
    [15_000, 2],
    [25_000, 2],
    [35_000, 4],
    [-4_999, 0],
    [-5_000, 0],
    [-5_001, -1],
    [-15_000, -2],
    [-25_000, -2],
    [-25_001, -3],
    [0, 0],
    [null, null],
  ]);
  const amounts = [...expected.keys()].map((amount) => amount === null ? null : micros(amount));
  const { id } = storeAmounts(test.db, amounts);
  assert.deepEqual(centsOf(test.db, id), [...expected.values()].map((cents) => [cents, cents]));
});

Deno.test("property: the cents columns round as toCents() does", () => {
  using test = testDatabase();
  const amount = fc.oneof(
    fc.integer({ min: -100_000, max: 100_000 }),
    fc.integer({ min: -9_000, max: 9_000 }).map((halves) => halves * 5_000),
    fc.maxSafeInteger(),
  ).map(micros);
  fc.assert(
    fc.property(fc.array(amount, { minLength: 1, maxLength: 50 }), (amounts) => {
      const { id } = storeAmounts(test.db, amounts);
      assert.deepEqual(centsOf(test.db, id).map(([cents]) => cents), amounts.map(toCents));
    }),
    { numRuns: 20 },
  );
});

Deno.test("rows point to the payload that they came from, and outlive it", () => {
  using test = testDatabase();
  const captures = new SqliteCaptureStore(test.db);
  const captureId = captures.save(captureOf({ at: AT, payloads: [htmlPayload("<p>"), jsonPayload("rows", [])] }));
  const { id } = storeAmounts(test.db, [micros(1)], { captureId, payload: 1 });
  const kindOf = () =>
    test.db.prepare(
      "SELECT kind FROM usage_events LEFT JOIN raw_blobs ON raw_blobs.id = raw_blob_id WHERE snapshot_id = ?",
    )
      .get(id)?.["kind"];
  assert.equal(kindOf(), "network_json");
  test.db.prepare("DELETE FROM captures WHERE id = ?").run(captureId);
  assert.equal(kindOf(), null);
});

Deno.test("a snapshot that a later one supersedes is no longer the latest", () => {
  using test = testDatabase();
  const store = new SqliteUsageStore(test.db);
  const first = storeAmounts(test.db, [micros(1)]);
  const second = storeAmounts(test.db, [micros(2)]);
  test.db.prepare("UPDATE snapshots SET superseded_by = ? WHERE id = ?").run(first.id, second.id);
  assert.equal(store.latest()?.id, first.id);
  assert.equal(store.latestAt(AT)?.id, first.id);
});

Deno.test("times are stored as UTC text of one length, so that they sort", () => {
  using test = testDatabase();
  storeAmounts(test.db, [micros(1)]);
  const row = test.db.prepare("SELECT captured_at, billing_period_start FROM usage_events").get();
  assert.deepEqual({ ...row }, { captured_at: "2026-11-21T19:00:00.000Z", billing_period_start: "2026-11-10" });
});
