import type { Clock, Sleep } from "../domain/clock.ts";

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
  readonly sleep: Sleep = (ms, signal) => {
    if (signal?.aborted) return Promise.resolve();
    this.slept.push(ms);
    this.#now = this.#now.add({ milliseconds: ms });
    return Promise.resolve();
  };
}
