import { messageOf } from "../../domain/errors.ts";
import type { Json } from "../../domain/json.ts";
import type { Log, LogFields } from "../../domain/log.ts";
import { FencedError, type Lease, type Run } from "../../domain/runs/run.ts";
import type { Job, RunContext } from "../job.ts";
import { type AbortKind, failureOf, JobError, requireJson, RunAborted, TimeoutError } from "./errors.ts";
import type { EngineParts } from "./parts.ts";
import { StepHistory, Steps } from "./steps.ts";
import { AbortScope, settle, type Settled } from "./timing.ts";

const DEFAULT_TIMEOUT_MS = 60 * 60_000;

/** One execution of a run by this process, from its claim to its end, or to the end of this process. */
export class Execution<Tx> {
  readonly lease: Lease;
  readonly log: Log;
  readonly scope = new AbortScope();
  readonly #job: Job<Tx>;
  readonly #run: Run;
  readonly #parts: EngineParts<Tx>;
  readonly #startedAt: Temporal.Instant;

  constructor(job: Job<Tx>, { run, parts }: { run: Run; parts: EngineParts<Tx> }) {
    this.#job = job;
    this.#run = run;
    this.#parts = parts;
    this.#startedAt = parts.clock.now();
    this.lease = { runId: run.id, owner: run.owner, fence: run.fence };
    this.log = withFields(parts.log, { run_id: run.id, job: run.job, key: run.key });
  }

  /** Ends the execution. The first reason counts. */
  abort(kind: AbortKind, cause?: unknown): void {
    this.scope.abort(new RunAborted(kind, cause));
  }

  /**
   * Runs the job to its end and stores that. Answers the run as it then is: still running where this process stops.
   * Rejects only where the end could not be stored.
   */
  async execute(): Promise<Run> {
    const over = new AbortController();
    const watches = [this.#watchCancel(over.signal), this.#watchTimeout(over.signal)];
    try {
      this.#finish(await this.#settle());
    } catch (error) {
      if (!(error instanceof FencedError)) {
        this.log.error("run.save_failed", { error: messageOf(error), duration_ms: this.#durationMs() });
        throw error;
      }
      this.log.warn("run.lost", { duration_ms: this.#durationMs() });
    } finally {
      over.abort();
      await Promise.all(watches);
    }
    return this.#parts.store.find(this.#run.id) ?? this.#run;
  }

  async #settle(): Promise<Settled<Json>> {
    const { graceMs, sleep } = this.#parts;
    const steps = this.#readSteps();
    if (!(steps instanceof Steps)) return steps;
    const settled = await settle(() => this.#job.run(this.#context(steps)), { scope: this.scope, graceMs, sleep });
    const unfinished = steps.close();
    if (unfinished.length > 0) {
      const names = unfinished.map((name) => `"${name}"`).join(", ");
      const unawaited = new JobError(`Cannot end the run as steps still go on: ${names}; a job must await its steps`);
      this.abort("fatal", settled.status === "rejected" ? settled.error : unawaited);
      await steps.idle();
    }
    return this.scope.signal.aborted ? { status: "aborted", abandoned: false } : settled;
  }

  /** The run's steps with their history; the run's failure where that cannot be read. */
  #readSteps(): Steps<Tx> | Settled<never> {
    const { store } = this.#parts;
    const { id } = this.#run;
    try {
      const history = new StepHistory(this.#run, { steps: store.steps(id), attempts: store.attempts(id) });
      return new Steps(this, { parts: this.#parts, history });
    } catch (error) {
      return { status: "rejected", error };
    }
  }

  #context(steps: Steps<Tx>): RunContext<Tx> {
    return {
      run: this.#run,
      signal: this.scope.signal,
      log: this.log,
      step: (name, body, options = {}) => steps.run(name, { body, save: (_tx, value) => value, options }),
      stepAndSave: (name, body, save, options = {}) => steps.run(name, { body, save, options }),
      commit: (name, write) => steps.run(name, { body: () => Promise.resolve(null), save: write, options: {} }),
    };
  }

  #finish(settled: Settled<Json>): void {
    if (settled.status === "aborted") return this.#finishAborted();
    if (settled.status === "rejected") return this.#fail(settled.error);
    try {
      requireJson(settled.value, "the run's output");
    } catch (error) {
      return this.#fail(error);
    }
    this.#parts.store.succeed(this.lease, settled.value, this.#parts.clock.now());
    this.log.info("run.succeeded", { duration_ms: this.#durationMs() });
  }

  #finishAborted(): void {
    const reason: unknown = this.scope.signal.reason;
    if (!(reason instanceof RunAborted)) throw new TypeError("Cannot end a run that was aborted without a RunAborted");
    switch (reason.kind) {
      case "cancelled":
        this.#parts.store.cancel(this.lease, this.#parts.clock.now());
        this.log.info("run.cancelled", { duration_ms: this.#durationMs() });
        return;
      case "stopped":
        this.log.info("run.interrupted", { duration_ms: this.#durationMs() });
        return;
      case "lost":
        throw new FencedError(this.lease);
      case "fatal":
        return this.#fail(reason.cause);
    }
  }

  #fail(error: unknown): void {
    const failure = failureOf(error);
    const { store, clock } = this.#parts;
    const { failed } = this.#job;
    const at = clock.now();
    try {
      const save = failed && ((tx: Tx) => failed.call(this.#job, tx, failure, { ...this.#run, finishedAt: at }));
      store.fail(this.lease, failure, at, save);
    } catch (saveError) {
      if (failed === undefined || saveError instanceof FencedError) throw saveError;
      // A run that stays running for ever would be worse than one whose job could not note the failure.
      this.log.error("run.hook_failed", { error: messageOf(saveError) });
      store.fail(this.lease, failure, at);
    }
    this.log.error("run.failed", {
      error: failure.message,
      error_name: failure.name,
      hint: failure.hint,
      duration_ms: this.#durationMs(),
    });
  }

  async #watchTimeout(over: AbortSignal): Promise<void> {
    const { timeoutMs = DEFAULT_TIMEOUT_MS } = this.#job;
    await this.#parts.sleep(timeoutMs, over);
    if (!over.aborted) this.abort("fatal", new TimeoutError("the run", timeoutMs));
  }

  /** Another process can only leave a note in the store; this looks for it while a step takes its time. */
  async #watchCancel(over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      await this.#parts.sleep(this.#parts.cancelPollMs, over);
      if (over.aborted || this.scope.signal.aborted) return;
      try {
        if (this.#parts.store.cancelRequested(this.lease)) this.abort("cancelled");
      } catch (error) {
        this.log.warn("run.cancel_check_failed", { error: messageOf(error) });
      }
    }
  }

  #durationMs(): number {
    return this.#parts.clock.now().since(this.#startedAt).total("milliseconds");
  }
}

/** The log with some fields added to every event. */
function withFields(log: Log, added: LogFields): Log {
  return {
    debug: (event, fields) => log.debug(event, { ...added, ...fields }),
    info: (event, fields) => log.info(event, { ...added, ...fields }),
    warn: (event, fields) => log.warn(event, { ...added, ...fields }),
    error: (event, fields) => log.error(event, { ...added, ...fields }),
  };
}
