import { centsOf } from "./cents.ts";

/**
 * Captures, snapshots, rows, pools, budgets and alerts. Money in `_micros` is the truth, `_cents` are generated from it.
 * Times are ISO 8601 UTC text with a fixed number of digits, so that they sort as text.
 */
export const USAGE_SCHEMA = `
CREATE TABLE captures (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  captured_at TEXT NOT NULL,
  evidence TEXT NOT NULL
) STRICT;

CREATE TABLE raw_blobs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  capture_id INTEGER NOT NULL REFERENCES captures(id) ON DELETE CASCADE,
  captured_at TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('network_json', 'html')),
  url TEXT,
  method TEXT NOT NULL,
  status INTEGER NOT NULL,
  content_type TEXT NOT NULL,
  request_body TEXT,
  payload BLOB NOT NULL
) STRICT;
CREATE INDEX raw_blobs_capture ON raw_blobs(capture_id);

CREATE TABLE snapshots (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  captured_at TEXT NOT NULL,
  last_checked_at TEXT NOT NULL,
  billing_period_start TEXT,
  billing_period_end TEXT,
  cycle_start_at TEXT,
  cycle_end_at TEXT,
  table_hash TEXT NOT NULL CHECK (length(table_hash) = 64),
  rows_count INTEGER NOT NULL,
  source TEXT NOT NULL CHECK (source IN ('network_json', 'dom_table')),
  membership TEXT,
  superseded_by INTEGER REFERENCES snapshots(id) ON DELETE SET NULL
) STRICT;
CREATE INDEX snapshots_captured_at ON snapshots(captured_at);
CREATE INDEX snapshots_superseded_by ON snapshots(superseded_by) WHERE superseded_by IS NOT NULL;

CREATE TABLE usage_events (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  snapshot_id INTEGER NOT NULL REFERENCES snapshots(id) ON DELETE CASCADE,
  captured_at TEXT NOT NULL,
  model TEXT NOT NULL,
  input_with_cache_write_tokens INTEGER NOT NULL,
  input_without_cache_write_tokens INTEGER NOT NULL,
  cache_read_tokens INTEGER NOT NULL,
  output_tokens INTEGER NOT NULL,
  total_tokens INTEGER NOT NULL,
  api_cost_micros INTEGER,
  api_cost_cents INTEGER GENERATED ALWAYS AS (${centsOf("api_cost_micros")}) VIRTUAL,
  cost_to_you_micros INTEGER,
  cost_to_you_cents INTEGER GENERATED ALWAYS AS (${centsOf("cost_to_you_micros")}) VIRTUAL,
  cost_basis TEXT NOT NULL CHECK (cost_basis IN ('billed', 'included', 'estimated', 'unknown')),
  billing_period_start TEXT,
  billing_period_end TEXT,
  source TEXT NOT NULL CHECK (source IN ('network_json', 'dom_table')),
  raw_blob_id INTEGER REFERENCES raw_blobs(id) ON DELETE SET NULL
) STRICT;
CREATE INDEX usage_events_captured_at ON usage_events(captured_at);
CREATE INDEX usage_events_model_captured_at ON usage_events(model, captured_at);
CREATE INDEX usage_events_snapshot ON usage_events(snapshot_id);
CREATE INDEX usage_events_raw_blob ON usage_events(raw_blob_id) WHERE raw_blob_id IS NOT NULL;

CREATE TABLE pools (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  snapshot_id INTEGER NOT NULL REFERENCES snapshots(id) ON DELETE CASCADE,
  captured_at TEXT NOT NULL,
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  percent_used REAL,
  used_micros INTEGER,
  limit_micros INTEGER
) STRICT;
CREATE INDEX pools_snapshot ON pools(snapshot_id, captured_at);

CREATE TABLE budgets (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  effective_budget_cents INTEGER NOT NULL CHECK (effective_budget_cents >= 0),
  created_at TEXT NOT NULL
) STRICT;

CREATE TABLE alerts (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL,
  details TEXT NOT NULL,
  dedupe_key TEXT NOT NULL UNIQUE,
  cycle TEXT,
  triggered_at TEXT NOT NULL,
  cleared_at TEXT,
  recovered INTEGER NOT NULL DEFAULT 0 CHECK (recovered IN (0, 1)),
  acknowledged_at TEXT
) STRICT;
CREATE INDEX alerts_triggered_at ON alerts(triggered_at);
CREATE INDEX alerts_cycle ON alerts(cycle, id) WHERE cycle IS NOT NULL;
CREATE INDEX alerts_open ON alerts(kind) WHERE cleared_at IS NULL;
`;
