import { centsOf } from "./cents.ts";

/**
 * Single events and the shapes of payloads. An event's identity is its time, user, model and tokens, and a number among
 * its equals; cost has no part in it. Unknown is NULL. `charged_micros`, `cost_basis` and `restated_from` follow from
 * kind and cost, and are stored for those who read the file with other tools.
 */
export const EVENTS_SCHEMA = `
CREATE TABLE events (
  id INTEGER PRIMARY KEY,
  at TEXT NOT NULL,
  user TEXT,
  model TEXT NOT NULL,
  input_with_cache_write_tokens INTEGER,
  input_without_cache_write_tokens INTEGER,
  cache_read_tokens INTEGER,
  output_tokens INTEGER,
  total_tokens INTEGER,
  occurrence INTEGER NOT NULL,
  kind TEXT NOT NULL,
  kind_text TEXT NOT NULL,
  kind_read_at TEXT NOT NULL,
  api_cost_micros INTEGER,
  api_cost_cents INTEGER GENERATED ALWAYS AS (${centsOf("api_cost_micros")}) VIRTUAL,
  stated_micros INTEGER,
  cost_source TEXT NOT NULL,
  cost_read_at TEXT NOT NULL,
  said_included INTEGER NOT NULL CHECK (said_included IN (0, 1)),
  requests REAL,
  max_mode INTEGER CHECK (max_mode IN (0, 1)),
  charged_micros INTEGER,
  charged_cents INTEGER GENERATED ALWAYS AS (${centsOf("charged_micros")}) VIRTUAL,
  cost_basis TEXT NOT NULL CHECK (cost_basis IN ('billed', 'included', 'estimated', 'unknown')),
  restated_from TEXT
) STRICT;
CREATE UNIQUE INDEX events_identity ON events(
  at, model, coalesce(user, ''), coalesce(total_tokens, -1), coalesce(input_with_cache_write_tokens, -1),
  coalesce(input_without_cache_write_tokens, -1), coalesce(cache_read_tokens, -1), coalesce(output_tokens, -1), occurrence
);

CREATE TABLE payload_shapes (
  endpoint TEXT PRIMARY KEY,
  recognizer TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  seen_at TEXT NOT NULL,
  lost TEXT NOT NULL,
  retyped TEXT NOT NULL,
  lost_figures TEXT NOT NULL,
  drifted_at TEXT
) STRICT;
`;
