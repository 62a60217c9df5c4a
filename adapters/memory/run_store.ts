import type { Json } from "../../domain/json.ts";
import {
  type Attempt,
  type Failure,
  FencedError,
  type Lease,
  type Run,
  type RunFilter,
  type RunStatus,
  type RunStore,
  type Step,
} from "../../domain/runs/run.ts";

/** What a step writes with in memory, and how to undo what it wrote. */
export interface MemoryTx<Tx> {
  readonly tx: Tx;
  /** Notes the present state; what it answers puts that state back. */
  snapshot(): () => void;
}

/** Runs in memory, for tests and trials: the semantics of the SQLite store, gone when the process ends. */
export class MemoryRunStore<Tx> implements RunStore<Tx> {
  readonly #domain: MemoryTx<Tx>;
  readonly #runs = new Map<number, Run>();
  readonly #steps: Step[] = [];
  readonly #attempts: Attempt[] = [];
  #lastId = 0;

  constructor(domain: MemoryTx<Tx>) {
    this.#domain = domain;
  }

  open(start: { job: string; key: string; input: Json; owner: string; at: Temporal.Instant }): {
    run: Run;
    created: boolean;
  } {
    const { job, key, input, owner, at } = start;
    const existing = this.#runs.values().find((run) => run.job === job && run.key === key);
    if (existing !== undefined) return { run: existing, created: false };
    const run: Run = {
      id: ++this.#lastId,
      job,
      key,
      status: "running",
      input: structuredClone(input),
      output: null,
      failure: null,
      owner,
      fence: 1,
      retries: 0,
      createdAt: at,
      finishedAt: null,
      cancelRequestedAt: null,
    };
    this.#runs.set(run.id, run);
    return { run, created: true };
  }

  claim(
    runId: number,
    claim: { owner: string; from: readonly RunStatus[]; fence: number; at: Temporal.Instant },
  ): Run | null {
    const run = this.find(runId);
    if (run === null || run.fence !== claim.fence || !claim.from.includes(run.status)) return null;
    const wasRunning = run.status === "running";
    return this.#update(run, {
      status: "running",
      owner: claim.owner,
      fence: run.fence + 1,
      retries: wasRunning ? run.retries : run.retries + 1,
      cancelRequestedAt: wasRunning ? run.cancelRequestedAt : null,
      output: null,
      failure: null,
      finishedAt: null,
    });
  }

  find(runId: number): Run | null {
    return this.#runs.get(runId) ?? null;
  }

  list({ job, status, limit, before = Infinity }: RunFilter = {}): Run[] {
    return [...this.#runs.values()].reverse()
      .filter((run) => (job ?? run.job) === run.job && (status ?? run.status) === run.status && run.id < before)
      .slice(0, limit);
  }

  steps(runId: number): Step[] {
    return this.#steps.filter((step) => step.runId === runId);
  }

  attempts(runId: number): Attempt[] {
    return this.#attempts.filter((attempt) => attempt.runId === runId);
  }

  startAttempt(lease: Lease, step: string, at: Temporal.Instant): number | null {
    const { id, retries, cancelRequestedAt } = this.#held(lease);
    if (cancelRequestedAt !== null) return null;
    const number = 1 + this.attempts(id).filter((attempt) => attempt.step === step).length;
    this.#attempts.push({ runId: id, step, number, retry: retries, startedAt: at, finishedAt: null, failure: null });
    return number;
  }

  completeStep<T extends Json>(
    lease: Lease,
    { step, attempt, at, save }: { step: string; attempt: number; at: Temporal.Instant; save: (tx: Tx) => T },
  ): T {
    return this.#fenced(lease, (tx) => {
      const result = save(tx);
      if (this.steps(lease.runId).some(({ name }) => name === step)) {
        throw new Error(`Cannot remember a step twice: "${step}"`);
      }
      this.#endAttempt(lease.runId, { step, attempt, at, failure: null });
      this.#steps.push({ runId: lease.runId, name: step, result: structuredClone(result), finishedAt: at });
      return result;
    });
  }

  failAttempt(
    lease: Lease,
    failed: { step: string; attempt: number; at: Temporal.Instant; failure: Failure; save?: (tx: Tx) => void },
  ): void {
    this.#fenced(lease, (tx) => {
      failed.save?.(tx);
      this.#endAttempt(lease.runId, failed);
    });
  }

  succeed(lease: Lease, output: Json, at: Temporal.Instant): void {
    this.#fenced(lease, (_tx, run) => this.#update(run, { status: "succeeded", output, finishedAt: at }));
  }

  fail(lease: Lease, failure: Failure, at: Temporal.Instant, save?: (tx: Tx) => void): void {
    this.#fenced(lease, (tx, run) => {
      save?.(tx);
      this.#update(run, { status: "failed", failure, finishedAt: at });
    });
  }

  cancel(lease: Lease, at: Temporal.Instant): void {
    this.#fenced(lease, (_tx, run) => this.#update(run, { status: "cancelled", finishedAt: at }));
  }

  requestCancel(runId: number, at: Temporal.Instant): boolean {
    const run = this.find(runId);
    if (run?.status !== "running") return false;
    this.#update(run, { cancelRequestedAt: run.cancelRequestedAt ?? at });
    return true;
  }

  cancelRequested(lease: Lease): boolean {
    const run = this.#running(lease);
    return run === null || run.cancelRequestedAt !== null;
  }

  prune({ before, keepPerJob }: { before: Temporal.Instant; keepPerJob: number }): number {
    const kept = new Map<string, number>();
    const pruned = this.list().filter((run) => {
      if (run.finishedAt === null) return false;
      const newer = kept.get(run.job) ?? 0;
      kept.set(run.job, newer + 1);
      return newer >= keepPerJob && Temporal.Instant.compare(run.finishedAt, before) < 0;
    });
    for (const { id } of pruned) this.#forget(id);
    return pruned.length;
  }

  #update(run: Run, changes: Partial<Run>): Run {
    const updated = { ...run, ...changes };
    this.#runs.set(run.id, updated);
    return updated;
  }

  #forget(runId: number): void {
    this.#runs.delete(runId);
    for (const list of [this.#steps, this.#attempts]) {
      for (let index = list.length - 1; index >= 0; index--) {
        if (list[index]?.runId === runId) list.splice(index, 1);
      }
    }
  }

  #endAttempt(
    runId: number,
    { step, attempt, at, failure }: { step: string; attempt: number; at: Temporal.Instant; failure: Failure | null },
  ): void {
    const index = this.#attempts.findIndex((one) => one.runId === runId && one.step === step && one.number === attempt);
    const started = this.#attempts[index];
    if (started !== undefined) this.#attempts[index] = { ...started, finishedAt: at, failure };
  }

  #running({ runId, owner, fence }: Lease): Run | null {
    const run = this.find(runId);
    return run?.status === "running" && run.owner === owner && run.fence === fence ? run : null;
  }

  #held(lease: Lease): Run {
    const run = this.#running(lease);
    if (run === null) throw new FencedError(lease);
    return run;
  }

  /** The domain writes first and is undone where anything throws; this store's own writes come last and cannot. */
  #fenced<T>(lease: Lease, work: (tx: Tx, run: Run) => T): T {
    const run = this.#held(lease);
    const undo = this.#domain.snapshot();
    try {
      return work(this.#domain.tx, run);
    } catch (error) {
      undo();
      throw error;
    }
  }
}
