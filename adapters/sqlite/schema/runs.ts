/** Runs, their finished steps and all tries. Explicit ids keep the order of steps and attempts through a VACUUM. */
export const RUNS_SCHEMA = `
CREATE TABLE runs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  job TEXT NOT NULL,
  key TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('running', 'succeeded', 'failed', 'cancelled')),
  input TEXT NOT NULL,
  output TEXT,
  failure TEXT,
  owner TEXT NOT NULL,
  fence INTEGER NOT NULL,
  retries INTEGER NOT NULL DEFAULT 0,
  created_at TEXT NOT NULL,
  finished_at TEXT,
  cancel_requested_at TEXT,
  UNIQUE (job, key)
) STRICT;
CREATE INDEX runs_by_job ON runs (job, id);
CREATE INDEX runs_by_status ON runs (status, id);
CREATE INDEX runs_by_end ON runs (finished_at) WHERE finished_at IS NOT NULL;

CREATE TABLE steps (
  id INTEGER PRIMARY KEY,
  run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  result TEXT NOT NULL,
  finished_at TEXT NOT NULL,
  UNIQUE (run_id, name)
) STRICT;

CREATE TABLE attempts (
  id INTEGER PRIMARY KEY,
  run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  step TEXT NOT NULL,
  number INTEGER NOT NULL,
  retry INTEGER NOT NULL,
  started_at TEXT NOT NULL,
  finished_at TEXT,
  failure TEXT,
  UNIQUE (run_id, step, number)
) STRICT;
`;
