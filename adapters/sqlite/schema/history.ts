/**
 * What snapshots amount to, worked out when they are stored: cycles, the snapshots of each, and each model's days.
 * All of it can be built anew from `snapshots` and `usage_events`.
 */
export const HISTORY_SCHEMA = `
CREATE TABLE cycles (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  billing_period_start TEXT,
  billing_period_end TEXT,
  cycle_start_at TEXT,
  cycle_end_at TEXT,
  first_captured_at TEXT NOT NULL,
  last_snapshot_id INTEGER NOT NULL REFERENCES snapshots(id) ON DELETE CASCADE,
  key TEXT GENERATED ALWAYS AS (coalesce(billing_period_start, substr(first_captured_at, 1, 10))) STORED
) STRICT;
CREATE INDEX cycles_key ON cycles(key);
CREATE INDEX cycles_last_snapshot ON cycles(last_snapshot_id);

CREATE TABLE cycle_snapshots (
  snapshot_id INTEGER PRIMARY KEY REFERENCES snapshots(id) ON DELETE CASCADE,
  cycle_id INTEGER NOT NULL REFERENCES cycles(id) ON DELETE CASCADE
) STRICT;
CREATE INDEX cycle_snapshots_cycle ON cycle_snapshots(cycle_id);

CREATE TABLE model_days (
  cycle_id INTEGER NOT NULL REFERENCES cycles(id) ON DELETE CASCADE,
  date TEXT NOT NULL,
  model TEXT NOT NULL,
  input_with_cache_write_tokens INTEGER NOT NULL,
  input_without_cache_write_tokens INTEGER NOT NULL,
  cache_read_tokens INTEGER NOT NULL,
  output_tokens INTEGER NOT NULL,
  total_tokens INTEGER NOT NULL,
  api_cost_micros INTEGER,
  cost_to_you_micros INTEGER,
  estimated INTEGER NOT NULL CHECK (estimated IN (0, 1)),
  PRIMARY KEY (cycle_id, date, model)
) STRICT, WITHOUT ROWID;

CREATE TABLE history_state (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  time_zone TEXT NOT NULL
) STRICT;
`;
