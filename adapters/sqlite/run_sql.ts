/** The statements of the run store, prepared once. A lease is checked as (run id, owner, fence) of a running run. */
export const RUN_SQL = {
  open: `
    INSERT INTO runs (job, key, status, input, owner, fence, created_at) VALUES (?, ?, 'running', ?, ?, 1, ?)
    ON CONFLICT (job, key) DO NOTHING`,
  claim: `
    UPDATE runs SET
      status = 'running',
      owner = ?,
      fence = fence + 1,
      retries = retries + (status <> 'running'),
      cancel_requested_at = CASE WHEN status = 'running' THEN cancel_requested_at END,
      output = NULL,
      failure = NULL,
      finished_at = NULL
    WHERE id = ? AND fence = ? AND status IN (SELECT value FROM json_each(?))`,
  find: "SELECT * FROM runs WHERE id = ?",
  findByKey: "SELECT * FROM runs WHERE job = ? AND key = ?",
  steps: "SELECT * FROM steps WHERE run_id = ? ORDER BY id",
  attempts: "SELECT * FROM attempts WHERE run_id = ? ORDER BY id",
  holds: "SELECT 1 FROM runs WHERE id = ? AND owner = ? AND fence = ? AND status = 'running'",
  mayGoOn: `
    SELECT 1 FROM runs
    WHERE id = ? AND owner = ? AND fence = ? AND status = 'running' AND cancel_requested_at IS NULL`,
  startAttempt: `
    INSERT INTO attempts (run_id, step, number, retry, started_at)
    SELECT id, ?1, 1 + (SELECT COALESCE(MAX(number), 0) FROM attempts WHERE run_id = runs.id AND step = ?1), retries, ?2
    FROM runs WHERE id = ?3 AND owner = ?4 AND fence = ?5 AND status = 'running' AND cancel_requested_at IS NULL
    RETURNING number`,
  endAttempt: "UPDATE attempts SET finished_at = ?, failure = ? WHERE run_id = ? AND step = ? AND number = ?",
  addStep: "INSERT INTO steps (run_id, name, result, finished_at) VALUES (?, ?, ?, ?)",
  finish: "UPDATE runs SET status = ?, output = ?, failure = ?, finished_at = ? WHERE id = ?",
  requestCancel: `
    UPDATE runs SET cancel_requested_at = COALESCE(cancel_requested_at, ?) WHERE id = ? AND status = 'running'`,
  prune: `
    DELETE FROM runs WHERE finished_at < ? AND status <> 'running' AND id NOT IN (
      SELECT id FROM (
        SELECT id, ROW_NUMBER() OVER (PARTITION BY job ORDER BY id DESC) AS age FROM runs WHERE status <> 'running'
      ) WHERE age <= ?
    )`,
} as const;
