import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import { FencedError } from "../../domain/fenced_error.ts";
import type { Json } from "../../domain/json.ts";
import type { Lease, RunFilter, RunStore } from "../../domain/ports.ts";
import type { Attempt, Failure, Run, RunStatus, Step } from "../../domain/run.ts";
import { explainSqliteError } from "./errors.ts";
import { textOfInstant } from "./instants.ts";
import { readAttempt, readRun, readStep } from "./run_rows.ts";
import { RUN_SQL } from "./run_sql.ts";
import { transaction, unflushed } from "./transaction.ts";

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
