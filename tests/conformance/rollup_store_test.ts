import type { LedgerEntry } from "../../domain/billing/ledger.ts";
import type { RollupRow, RollupStore } from "../../domain/billing/rollup.ts";
import { micros } from "../../domain/money.ts";
import { testDatabase } from "../adapters/sqlite/test_database.ts";
import assert from "node:assert/strict";

const FETCHED = Temporal.Instant.from("2026-03-20T12:00:00Z");

function row(month: string, user: string, model: string): RollupRow {
  const tokens = { inputWithCacheWrite: 1, inputWithoutCacheWrite: 2, cacheRead: 3, output: 4, total: 10 };
  return { month, user, model, micros: micros(155_000), requests: 3, tokens };
}

const JANUARY = [
  row("2026-01", "ada@x", "aurora"),
  row("2026-01", "ada@x", "comet"),
  row("2026-01", "ben@x", "aurora"),
];
const FEBRUARY = [row("2026-02", "ben@x", "comet")];
const EXCLUDED: LedgerEntry[] = [
  { reason: "included", kind: "Included in Business", user: "ada@x", events: 2, micros: micros(20_000) },
  { reason: "included", kind: "Included in Pro", user: "ada@x", events: 3, micros: micros(30_000) },
  { reason: "unknown_cost", kind: "Usage-based", user: "ben@x", events: 1, micros: null },
];

/** The same by reason. */
const EXCLUDED_SUMS = [
  { reason: "included", events: 5, micros: 50_000 },
  { reason: "unknown_cost", events: 1, micros: null },
];

/** Both months, the later one first. */
function fill(store: RollupStore): void {
  store.replace(
    { month: "2026-02", fileId: "f2", fetchedAt: null, isComplete: false },
    { rows: FEBRUARY, excluded: [], events: 3 },
  );
  store.replace(
    { month: "2026-01", fileId: "f1", fetchedAt: FETCHED, isComplete: true },
    { rows: JANUARY, excluded: EXCLUDED, events: 12 },
  );
}

const test = (title: string, body: (store: RollupStore) => void) =>
  Deno.test(`rollups in SQLite: ${title}`, () => {
    using database = testDatabase();
    body(database.stores.rollups);
  });

test("months are listed oldest first, with how many events were billed", (store) => {
  fill(store);
  const months = store.months().map((month) => ({ ...month, fetchedAt: month.fetchedAt?.toString() ?? null }));
  assert.deepEqual(months, [
    { month: "2026-01", fileId: "f1", fetchedAt: "2026-03-20T12:00:00Z", isComplete: true, events: 9 },
    { month: "2026-02", fileId: "f2", fetchedAt: null, isComplete: false, events: 3 },
  ]);
});

test("rows come back as they went in, by month, user and model", (store) => {
  fill(store);
  assert.deepEqual(store.rows(), [...JANUARY, ...FEBRUARY]);
  assert.deepEqual(store.rows({ months: ["2026-02"] }), FEBRUARY);
  assert.deepEqual(store.rows({ months: [] }), []);
  assert.deepEqual(store.rows({ user: "ada@x" }), JANUARY.slice(0, 2));
  assert.deepEqual(store.rows({ user: "ben@x", model: "comet", months: ["2026-02"] }), FEBRUARY);
  assert.deepEqual(store.rows({ model: "x' OR 1=1 --" }), []);
});

test("what was left out comes back, unknown amounts as unknown", (store) => {
  fill(store);
  assert.deepEqual(store.excluded(), EXCLUDED_SUMS);
  assert.deepEqual(store.excluded({ months: ["2026-01"] }), EXCLUDED_SUMS);
  assert.deepEqual(store.excluded({ user: "ben@x" }), EXCLUDED_SUMS.slice(1));
  assert.deepEqual(store.excluded({ months: ["2026-02"] }), []);
});

test("replacing a month leaves nothing of what was known before", (store) => {
  fill(store);
  store.replace(
    { month: "2026-01", fileId: "f3", fetchedAt: FETCHED, isComplete: true },
    { rows: JANUARY.slice(2), excluded: EXCLUDED.slice(2), events: 4 },
  );
  assert.deepEqual(store.rows(), [...JANUARY.slice(2), ...FEBRUARY]);
  assert.deepEqual(store.excluded(), EXCLUDED_SUMS.slice(1));
  assert.deepEqual(store.months().map(({ month, fileId, events }) => [month, fileId, events]), [
    ["2026-01", "f3", 3],
    ["2026-02", "f2", 3],
  ]);
});

Deno.test("rollups in SQLite: cents are rounded half to even beside the exact micro-dollars", () => {
  using database = testDatabase();
  fill(database.stores.rollups);
  const sql = "SELECT DISTINCT billed_micros, billed_cents FROM billing_rollup";
  assert.deepEqual({ ...database.db.prepare(sql).get() }, { billed_micros: 155_000, billed_cents: 16 });
});
