import type { Sleep } from "../../domain/clock.ts";
import { messageOf } from "../../domain/errors.ts";
import type { Json } from "../../domain/json.ts";
import type { Log } from "../../domain/log.ts";
import { type Attempt, type Failure, FencedError, type Lease, type Run, type Step } from "../../domain/runs/run.ts";
import type { StepOptions, StepScope } from "../job.ts";
import {
  type AbortKind,
  CrashLoopError,
  failureOf,
  JobError,
  RememberedFailure,
  requireJson,
  TimeoutError,
} from "./errors.ts";
import type { EngineParts } from "./parts.ts";
import { AbortScope, backoffMs, settle } from "./timing.ts";

const DEFAULT_TIMEOUT_MS = 5 * 60_000;

/** What a step does: `body` works, `save` writes what it made and answers the result to remember. */
interface StepWork<Tx, V, T extends Json> {
  readonly body: (scope: StepScope) => Promise<V>;
  readonly save: (tx: Tx, value: V) => T;
  readonly options: StepOptions<Tx>;
}

/** The execution that the steps belong to. */
interface StepsOwner {
  readonly lease: Lease;
  /** Aborted, always with a `RunAborted`, when the execution must end. */
  readonly scope: AbortScope;
  readonly log: Log;
  abort(kind: AbortKind, cause?: unknown): void;
}

type Tried<T> = { readonly done: true; readonly result: T } | { readonly done: false; readonly error: unknown };

/** The steps of one execution of a run. */
export class Steps<Tx> {
  readonly #owner: StepsOwner;
  readonly #parts: EngineParts<Tx>;
  readonly #history: StepHistory;
  readonly #used = new Set<string>();
  readonly #goingOn = new Map<string, Promise<unknown>>();
  #closed = false;

  constructor(owner: StepsOwner, { parts, history }: { parts: EngineParts<Tx>; history: StepHistory }) {
    this.#owner = owner;
    this.#parts = parts;
    this.#history = history;
  }

  /** Runs the step, or answers its remembered result. */
  run<V, T extends Json>(name: string, work: StepWork<Tx, V, T>): Promise<T> {
    const step = this.#run(name, work);
    // A job that forgets to await a step must not end the process: `close` makes the run fail instead.
    step.catch(() => undefined);
    return step;
  }

  /** Refuses further steps. Answers the names of those that still go on. */
  close(): string[] {
    this.#closed = true;
    return [...this.#goingOn.keys()];
  }

  /** Waits until no step goes on. After an abort that takes no longer than the grace time. */
  async idle(): Promise<void> {
    await Promise.allSettled(this.#goingOn.values());
  }

  async #run<V, T extends Json>(name: string, work: StepWork<Tx, V, T>): Promise<T> {
    this.#admit(name);
    const remembered = this.#history.result(name);
    // The type is the job's own word: the result is what an earlier execution of this same step answered.
    if (remembered !== undefined) return remembered as T;
    const tries = this.#tries(name, work);
    this.#goingOn.set(name, tries);
    try {
      return await tries;
    } finally {
      this.#goingOn.delete(name);
    }
  }

  #admit(name: string): void {
    if (this.#owner.scope.signal.aborted) throw this.#owner.scope.signal.reason;
    if (this.#closed) throw new JobError(`Cannot run step "${name}" as its run is over`);
    if (this.#used.has(name)) {
      this.#fatal(new JobError(`Cannot run step "${name}" as each name may be used once in a run`));
    }
    this.#used.add(name);
  }

  async #tries<V, T extends Json>(name: string, work: StepWork<Tx, V, T>): Promise<T> {
    const { attempts = 1, delayMs = 1_000, maxDelayMs = 60_000 } = work.options;
    const history = this.#history;
    const lastFailure = history.lastFailure(name);
    if (lastFailure !== null && history.failures(name) >= attempts) throw new RememberedFailure(lastFailure);
    if (history.interruptions(name) >= this.#parts.maxInterruptions) {
      this.#fatal(new CrashLoopError(name, history.interruptions(name)));
    }
    for (;;) {
      const attempt = this.#startAttempt(name);
      const tried = await this.#try(name, { attempt, work });
      if (tried.done) return tried.result;
      this.#recordFailure(name, { attempt, error: tried.error, saveFailed: work.options.saveFailed });
      const failures = history.failures(name);
      const isLast = failures >= attempts || !isRetryable(tried.error, work.options);
      const retryInMs = isLast ? null : backoffMs(failures, { delayMs, maxDelayMs, random: this.#parts.random });
      const error = messageOf(tried.error);
      this.#owner.log.warn("step.attempt_failed", { step: name, attempt, error, retry_in_ms: retryInMs });
      if (retryInMs === null) throw tried.error;
      await this.#parts.sleep(retryInMs, this.#owner.scope.signal);
    }
  }

  #startAttempt(name: string): number {
    this.#owner.scope.signal.throwIfAborted();
    const attempt = this.#write(() => this.#parts.store.startAttempt(this.#owner.lease, name, this.#now()));
    if (attempt !== null) return attempt;
    this.#owner.abort("cancelled");
    throw this.#owner.scope.signal.reason;
  }

  /** One try. It throws only where the whole execution must end. */
  async #try<V, T extends Json>(
    name: string,
    { attempt, work }: { attempt: number; work: StepWork<Tx, V, T> },
  ): Promise<Tried<T>> {
    const { scope: runScope, log } = this.#owner;
    const { graceMs, sleep } = this.#parts;
    const startedAtMs = this.#now().epochMilliseconds;
    using limited = stepScope(name, { runScope, timeoutMs: work.options.timeoutMs ?? DEFAULT_TIMEOUT_MS, sleep });
    const { scope } = limited;
    const settled = await settle(() => work.body({ signal: scope.signal, attempt }), { scope, graceMs, sleep });
    const durationMs = this.#now().epochMilliseconds - startedAtMs;
    if (settled.status === "aborted") {
      if (settled.abandoned) log.warn("step.abandoned", { step: name, attempt, duration_ms: durationMs });
      if (runScope.signal.aborted) throw runScope.signal.reason;
      return { done: false, error: scope.signal.reason };
    }
    if (settled.status === "rejected") return { done: false, error: settled.error };
    const { isFlushed = true } = work.options;
    return this.#complete(name, { attempt, durationMs, isFlushed, save: (tx) => work.save(tx, settled.value) });
  }

  #complete<T extends Json>(
    name: string,
    { attempt, durationMs, isFlushed, save }: {
      attempt: number;
      durationMs: number;
      isFlushed: boolean;
      save: (tx: Tx) => T;
    },
  ): Tried<T> {
    const { lease, log } = this.#owner;
    const saveJson = (tx: Tx) => {
      const result = save(tx);
      requireJson(result, `the result of step "${name}"`);
      return result;
    };
    try {
      const at = this.#now();
      const result = this.#write(() =>
        this.#parts.store.completeStep(lease, { step: name, attempt, at, isFlushed, save: saveJson })
      );
      log.debug("step.succeeded", { step: name, attempt, duration_ms: durationMs });
      return { done: true, result };
    } catch (error) {
      if (this.#owner.scope.signal.aborted) throw error;
      return { done: false, error };
    }
  }

  #recordFailure(
    name: string,
    failed: { attempt: number; error: unknown; saveFailed: StepOptions<Tx>["saveFailed"] },
  ): void {
    const { attempt, error, saveFailed } = failed;
    const failure = failureOf(error);
    const record = (save?: (tx: Tx) => void) => {
      const ended = { step: name, attempt, at: this.#now(), failure };
      this.#parts.store.failAttempt(this.#owner.lease, save === undefined ? ended : { ...ended, save });
    };
    this.#write(() => {
      try {
        record(saveFailed && ((tx) => saveFailed(tx, error)));
      } catch (saveError) {
        if (saveFailed === undefined || saveError instanceof FencedError) throw saveError;
        // The failure itself is worth more than what was to be kept with it.
        this.#owner.log.error("step.hook_failed", { step: name, attempt, error: messageOf(saveError) });
        record();
      }
    });
    this.#history.addFailure(name, failure);
  }

  /** A write under the lease. Where the lease is lost the whole execution ends. */
  #write<T>(write: () => T): T {
    try {
      return write();
    } catch (error) {
      if (!(error instanceof FencedError)) throw error;
      this.#owner.abort("lost", error);
      throw this.#owner.scope.signal.reason;
    }
  }

  /** Fails the run, even where its job catches the error. */
  #fatal(error: Error): never {
    this.#owner.abort("fatal", error);
    throw error;
  }

  #now(): Temporal.Instant {
    return this.#parts.clock.now();
  }
}

/** A scope that follows the run's and is aborted by itself after the time-out. */
function stepScope(
  name: string,
  { runScope, timeoutMs, sleep }: { runScope: AbortScope; timeoutMs: number; sleep: Sleep },
): { scope: AbortScope } & Disposable {
  const scope = new AbortScope();
  const over = new AbortController();
  const forget = runScope.onAbort((reason) => scope.abort(reason));
  sleep(timeoutMs, over.signal).then(() => {
    if (!over.signal.aborted) scope.abort(new TimeoutError(`step "${name}"`, timeoutMs));
  });
  return {
    scope,
    [Symbol.dispose]() {
      forget();
      // A reason of our own, as the default one is an exception with a stack trace.
      over.abort("over");
    },
  };
}

/** Another try cannot mend a wrong job, nor what somebody aborted. */
function isRetryable<Tx>(error: unknown, { retryable }: StepOptions<Tx>): boolean {
  if (error instanceof JobError) return false;
  if (retryable !== undefined) return retryable(error);
  return !(error instanceof DOMException && error.name === "AbortError");
}

/** What is known of a run's steps: read once, then kept up to date, as the lease makes this process the only writer. */
export class StepHistory {
  readonly #results = new Map<string, Json>();
  readonly #failures = new Map<string, { count: number; last: Failure }>();
  readonly #interruptions = new Map<string, number>();

  /** Tries from before the last retry by hand do not count. */
  constructor(run: Run, { steps, attempts }: { steps: readonly Step[]; attempts: readonly Attempt[] }) {
    for (const { name, result } of steps) this.#results.set(name, result);
    for (const { step, retry, finishedAt, failure } of attempts) {
      if (retry !== run.retries) continue;
      if (failure !== null) this.addFailure(step, failure);
      if (finishedAt === null) this.#interruptions.set(step, this.interruptions(step) + 1);
    }
  }

  /** The step's remembered result; undefined where it has not finished. */
  result(step: string): Json | undefined {
    return this.#results.get(step);
  }

  failures(step: string): number {
    return this.#failures.get(step)?.count ?? 0;
  }

  lastFailure(step: string): Failure | null {
    return this.#failures.get(step)?.last ?? null;
  }

  interruptions(step: string): number {
    return this.#interruptions.get(step) ?? 0;
  }

  addFailure(step: string, failure: Failure): void {
    this.#failures.set(step, { count: this.failures(step) + 1, last: failure });
  }
}
