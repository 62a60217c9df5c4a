import { messageOf, TrackerError } from "../../domain/errors.ts";
import type { Json } from "../../domain/json.ts";
import {
  type Attempt,
  type Failure,
  FencedError,
  type Lease,
  type Run,
  RUN_STATUSES,
  type RunFilter,
  type RunStatus,
  type RunStore,
  type Step,
} from "../../domain/runs/run.ts";
import { instantColumn as instant, textOfInstant } from "./columns.ts";
import { explainSqliteError, transaction, unflushed } from "./transaction.ts";
import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import { z } from "zod";

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

/** The statements of the run store, prepared once. A lease is checked as (run id, owner, fence) of a running run. */
const RUN_SQL = {
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

const jsonText = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    context.addIssue({ code: "custom", message: messageOf(error) });
    return z.NEVER;
  }
});

const json = jsonText.pipe(z.json());

const failure: z.ZodType<Failure> = jsonText.pipe(
  z.object({ name: z.string(), message: z.string(), hint: z.string().nullable(), details: z.json() }),
);

const runRow: z.ZodType<Run> = z.object({
  id: z.int(),
  job: z.string(),
  key: z.string(),
  status: z.enum(RUN_STATUSES),
  input: json,
  output: json.nullable(),
  failure: failure.nullable(),
  owner: z.string(),
  fence: z.int(),
  retries: z.int(),
  created_at: instant,
  finished_at: instant.nullable(),
  cancel_requested_at: instant.nullable(),
}).transform((row) => ({
  id: row.id,
  job: row.job,
  key: row.key,
  status: row.status,
  input: row.input,
  output: row.output,
  failure: row.failure,
  owner: row.owner,
  fence: row.fence,
  retries: row.retries,
  createdAt: row.created_at,
  finishedAt: row.finished_at,
  cancelRequestedAt: row.cancel_requested_at,
}));

const stepRow: z.ZodType<Step> = z.object({ run_id: z.int(), name: z.string(), result: json, finished_at: instant })
  .transform((row) => ({ runId: row.run_id, name: row.name, result: row.result, finishedAt: row.finished_at }));

const attemptRow: z.ZodType<Attempt> = z.object({
  run_id: z.int(),
  step: z.string(),
  number: z.int(),
  retry: z.int(),
  started_at: instant,
  finished_at: instant.nullable(),
  failure: failure.nullable(),
}).transform((row) => ({
  runId: row.run_id,
  step: row.step,
  number: row.number,
  retry: row.retry,
  startedAt: row.started_at,
  finishedAt: row.finished_at,
  failure: row.failure,
}));

/** A row of `runs`. @throws TrackerError where it is damaged. */
function readRun(row: unknown): Run {
  return read(runRow, { table: "runs", row });
}

/** A row of `steps`. @throws TrackerError where it is damaged. */
function readStep(row: unknown): Step {
  return read(stepRow, { table: "steps", row });
}

/** A row of `attempts`. @throws TrackerError where it is damaged. */
function readAttempt(row: unknown): Attempt {
  return read(attemptRow, { table: "attempts", row });
}

function read<T>(schema: z.ZodType<T>, { table, row }: { table: string; row: unknown }): T {
  const parsed = schema.safeParse(row);
  if (parsed.success) return parsed.data;
  const id = z.object({ id: z.int() }).safeParse(row);
  const which = id.success ? `row ${id.data.id} of "${table}"` : `a row of "${table}"`;
  throw new TrackerError(`Cannot read ${which} as it is damaged: ${z.prettifyError(parsed.error)}`, {
    hint: "Restore a copy of the database from DATA_DIR/backups, or delete the row.",
    cause: parsed.error,
  });
}

type Statements = { readonly [name in keyof typeof RUN_SQL]: StatementSync };

/** Runs in SQLite. A step's result and what its `save` writes through `Tx` share one transaction. */
export class SqliteRunStore<Tx> implements RunStore<Tx> {
  readonly #db: DatabaseSync;
  readonly #tx: Tx;
  readonly #sql: Statements;

  /** `makeTx` makes, once, what `save` writes with: stores that write through this same connection. */
  constructor(db: DatabaseSync, makeTx: (db: DatabaseSync) => Tx) {
    this.#db = db;
    this.#tx = makeTx(db);
    this.#sql = prepareAll(db);
  }

  open(start: { job: string; key: string; input: Json; owner: string; at: Temporal.Instant }): {
    run: Run;
    created: boolean;
  } {
    const { job, key, input, owner, at } = start;
    return transaction(this.#db, () => {
      const { changes } = this.#sql.open.run(job, key, JSON.stringify(input), owner, textOfInstant(at));
      return { run: readRun(this.#sql.findByKey.get(job, key)), created: Number(changes) === 1 };
    });
  }

  claim(
    runId: number,
    claim: { owner: string; from: readonly RunStatus[]; fence: number; at: Temporal.Instant },
  ): Run | null {
    const from = JSON.stringify(claim.from);
    return transaction(this.#db, () => {
      const { changes } = this.#sql.claim.run(claim.owner, runId, claim.fence, from);
      return Number(changes) === 1 ? this.find(runId) : null;
    });
  }

  find(runId: number): Run | null {
    const row = this.#sql.find.get(runId);
    return row === undefined ? null : readRun(row);
  }

  list({ job, status, limit, before }: RunFilter = {}): Run[] {
    const values: SQLInputValue[] = [];
    const where: string[] = [];
    for (const [condition, value] of [["job = ?", job], ["status = ?", status], ["id < ?", before]] as const) {
      if (value === undefined) continue;
      where.push(condition);
      values.push(value);
    }
    const filter = where.length === 0 ? "" : `WHERE ${where.join(" AND ")}`;
    return this.#db.prepare(`SELECT * FROM runs ${filter} ORDER BY id DESC LIMIT ?`)
      .all(...values, limit ?? -1).map(readRun);
  }

  steps(runId: number): Step[] {
    return this.#sql.steps.all(runId).map(readStep);
  }

  attempts(runId: number): Attempt[] {
    return this.#sql.attempts.all(runId).map(readAttempt);
  }

  startAttempt(lease: Lease, step: string, at: Temporal.Instant): number | null {
    const { runId, owner, fence } = lease;
    // Not worth a disk flush: the next commit flushes it too, and only a power cut before that can lose it.
    const row = unflushed(this.#db, () => {
      try {
        return this.#sql.startAttempt.get(step, textOfInstant(at), runId, owner, fence);
      } catch (error) {
        throw explainSqliteError(error);
      }
    });
    if (row !== undefined) return Number(row.number);
    this.#requireHeld(lease);
    return null;
  }

  completeStep<T extends Json>(
    lease: Lease,
    { step, attempt, at, isFlushed = true, save }: {
      step: string;
      attempt: number;
      at: Temporal.Instant;
      isFlushed?: boolean;
      save: (tx: Tx) => T;
    },
  ): T {
    const finishedAt = textOfInstant(at);
    const complete = () =>
      this.#fenced(lease, () => {
        const result = save(this.#tx);
        this.#sql.endAttempt.run(finishedAt, null, lease.runId, step, attempt);
        this.#sql.addStep.run(lease.runId, step, JSON.stringify(result), finishedAt);
        return result;
      });
    return isFlushed ? complete() : unflushed(this.#db, complete);
  }

  failAttempt(
    lease: Lease,
    failed: { step: string; attempt: number; at: Temporal.Instant; failure: Failure; save?: (tx: Tx) => void },
  ): void {
    const { step, attempt, at, failure, save } = failed;
    this.#fenced(lease, () => {
      save?.(this.#tx);
      this.#sql.endAttempt.run(textOfInstant(at), JSON.stringify(failure), lease.runId, step, attempt);
    });
  }

  succeed(lease: Lease, output: Json, at: Temporal.Instant): void {
    this.#finish(lease, { status: "succeeded", at, output });
  }

  fail(lease: Lease, failure: Failure, at: Temporal.Instant, save?: (tx: Tx) => void): void {
    this.#finish(lease, { status: "failed", at, failure, save });
  }

  cancel(lease: Lease, at: Temporal.Instant): void {
    this.#finish(lease, { status: "cancelled", at });
  }

  requestCancel(runId: number, at: Temporal.Instant): boolean {
    return transaction(this.#db, () => Number(this.#sql.requestCancel.run(textOfInstant(at), runId).changes) === 1);
  }

  cancelRequested({ runId, owner, fence }: Lease): boolean {
    return this.#sql.mayGoOn.get(runId, owner, fence) === undefined;
  }

  prune({ before, keepPerJob }: { before: Temporal.Instant; keepPerJob: number }): number {
    return transaction(this.#db, () => Number(this.#sql.prune.run(textOfInstant(before), keepPerJob).changes));
  }

  #finish(
    lease: Lease,
    end: {
      status: RunStatus;
      at: Temporal.Instant;
      output?: Json;
      failure?: Failure;
      save?: ((tx: Tx) => void) | undefined;
    },
  ): void {
    const output = end.output === undefined ? null : JSON.stringify(end.output);
    const failure = end.failure === undefined ? null : JSON.stringify(end.failure);
    this.#fenced(lease, () => {
      end.save?.(this.#tx);
      this.#sql.finish.run(end.status, output, failure, textOfInstant(end.at), lease.runId);
    });
  }

  /** One transaction that begins by checking the lease, so that a run's former holder writes nothing. */
  #fenced<T>(lease: Lease, work: () => T): T {
    return transaction(this.#db, () => {
      this.#requireHeld(lease);
      return work();
    });
  }

  #requireHeld(lease: Lease): void {
    if (this.#sql.holds.get(lease.runId, lease.owner, lease.fence) === undefined) throw new FencedError(lease);
  }
}

function prepareAll(db: DatabaseSync): Statements {
  return {
    open: db.prepare(RUN_SQL.open),
    claim: db.prepare(RUN_SQL.claim),
    find: db.prepare(RUN_SQL.find),
    findByKey: db.prepare(RUN_SQL.findByKey),
    steps: db.prepare(RUN_SQL.steps),
    attempts: db.prepare(RUN_SQL.attempts),
    holds: db.prepare(RUN_SQL.holds),
    mayGoOn: db.prepare(RUN_SQL.mayGoOn),
    startAttempt: db.prepare(RUN_SQL.startAttempt),
    endAttempt: db.prepare(RUN_SQL.endAttempt),
    addStep: db.prepare(RUN_SQL.addStep),
    finish: db.prepare(RUN_SQL.finish),
    requestCancel: db.prepare(RUN_SQL.requestCancel),
    prune: db.prepare(RUN_SQL.prune),
  };
}
