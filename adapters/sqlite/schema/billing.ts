import { centsOf } from "./cents.ts";

/**
 * What month files come to: the billed events by month, user and model, and by reason what was left out. Every row can be
 * made anew from the file that `file_id` names.
 */
export const BILLING_SCHEMA = `
CREATE TABLE billing_months (
  month TEXT PRIMARY KEY,
  file_id TEXT NOT NULL,
  fetched_at TEXT,
  is_complete INTEGER NOT NULL CHECK (is_complete IN (0, 1)),
  events INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE billing_rollup (
  month TEXT NOT NULL REFERENCES billing_months(month) ON DELETE CASCADE,
  user TEXT NOT NULL,
  model TEXT NOT NULL,
  billed_micros INTEGER NOT NULL,
  billed_cents INTEGER GENERATED ALWAYS AS (${centsOf("billed_micros")}) VIRTUAL,
  requests INTEGER NOT NULL,
  input_with_cache_write_tokens INTEGER NOT NULL,
  input_without_cache_write_tokens INTEGER NOT NULL,
  cache_read_tokens INTEGER NOT NULL,
  output_tokens INTEGER NOT NULL,
  total_tokens INTEGER NOT NULL,
  PRIMARY KEY (month, user, model)
) STRICT, WITHOUT ROWID;

CREATE TABLE billing_excluded (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  month TEXT NOT NULL REFERENCES billing_months(month) ON DELETE CASCADE,
  reason TEXT NOT NULL,
  kind TEXT NOT NULL,
  user TEXT NOT NULL,
  events INTEGER NOT NULL,
  amount_micros INTEGER,
  amount_cents INTEGER GENERATED ALWAYS AS (${centsOf("amount_micros")}) VIRTUAL
) STRICT;
CREATE INDEX billing_excluded_month ON billing_excluded(month);
`;
