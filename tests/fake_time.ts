import type { Clock } from "../domain/clock.ts";

/** A clock that only moves when somebody sleeps. */
export class FakeTime implements Clock {
  #now: Temporal.Instant;
  /** All pauses, in milliseconds. */
  readonly slept: number[] = [];

  constructor(now: string) {
    this.#now = Temporal.Instant.from(now);
  }

  now(): Temporal.Instant {
    return this.#now;
  }

  set(now: string): void {
    this.#now = Temporal.Instant.from(now);
  }

  /** Passes the time at once. */
  sleep = (ms: number, { signal }: { signal: AbortSignal }): Promise<void> => {
    if (signal.aborted) return Promise.reject(signal.reason);
    this.slept.push(ms);
    this.#now = this.#now.add({ milliseconds: ms });
    return Promise.resolve();
  };
}
