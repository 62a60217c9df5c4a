import type { Json } from "../../domain/json.ts";
import type { Attempt, Failure, Run, Step } from "../../domain/run.ts";

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
