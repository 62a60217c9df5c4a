import { testDatabase } from "./test_database.ts";
import assert from "node:assert/strict";
import type { DatabaseSync } from "node:sqlite";

/** What others may query, by table: the columns that must be there, whatever else is. */
const COLUMNS: Readonly<Record<string, readonly string[]>> = {
  usage_events: [
    "id",
    "captured_at",
    "model",
    "input_with_cache_write_tokens",
    "input_without_cache_write_tokens",
    "cache_read_tokens",
    "output_tokens",
    "total_tokens",
    "api_cost_cents",
    "cost_to_you_cents",
    "billing_period_start",
    "billing_period_end",
    "source",
    "raw_blob_id",
  ],
  snapshots: ["id", "captured_at", "billing_period_start", "billing_period_end", "table_hash", "rows_count"],
  raw_blobs: ["id", "captured_at", "kind", "url", "payload"],
  budgets: ["id", "effective_budget_cents", "created_at"],
  alerts: ["id", "kind", "details", "triggered_at", "cleared_at"],
};

/** The columns that an index must begin with. */
const INDEXES: readonly (readonly [table: string, columns: readonly string[]])[] = [
  ["usage_events", ["captured_at"]],
  ["usage_events", ["model", "captured_at"]],
  ["snapshots", ["captured_at"]],
  ["alerts", ["triggered_at"]],
];

function names(db: DatabaseSync, sql: string, ...values: string[]): string[] {
  return db.prepare(sql).all(...values).map(({ name }) => String(name));
}

Deno.test("the published tables and their columns are there by name", () => {
  using test = testDatabase();
  for (const [table, columns] of Object.entries(COLUMNS)) {
    const found = names(test.db, "SELECT name FROM pragma_table_xinfo(?)", table);
    assert.deepEqual(columns.filter((column) => !found.includes(column)), [], table);
  }
});

Deno.test("the published indexes are there", () => {
  using test = testDatabase();
  for (const [table, columns] of INDEXES) {
    const found = names(test.db, "SELECT name FROM pragma_index_list(?)", table)
      .map((index) => names(test.db, "SELECT name FROM pragma_index_info(?) ORDER BY seqno", index));
    assert.ok(found.some((index) => index.join() === columns.join()), `${table} (${columns}) of ${found.join(" | ")}`);
  }
});

Deno.test("every table of the product refuses values of another type", () => {
  using test = testDatabase();
  const loose = names(
    test.db,
    "SELECT name FROM pragma_table_list WHERE strict = 0 AND schema = 'main' AND type = 'table'",
  );
  assert.deepEqual(loose.filter((table) => !table.startsWith("sqlite_")), []);
});

Deno.test("a row of usage belongs to a raw capture by its foreign key", () => {
  using test = testDatabase();
  const sql = "SELECT \"table\" AS name FROM pragma_foreign_key_list('usage_events') WHERE \"from\" = 'raw_blob_id'";
  assert.deepEqual(names(test.db, sql), ["raw_blobs"]);
});
