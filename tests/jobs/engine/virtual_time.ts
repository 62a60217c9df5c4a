import type { Clock, Sleep } from "../../../domain/clock.ts";

interface Sleeper {
  readonly wakesAtMs: number;
  readonly wake: () => void;
}

/** A clock that stands still until a test moves it, and a sleep that goes by it. Starts at 2026-11-21T19:00Z. */
export class VirtualTime implements Clock {
  #nowMs = Temporal.Instant.from("2026-11-21T19:00:00Z").epochMilliseconds;
  readonly #sleepers = new Set<Sleeper>();

  now(): Temporal.Instant {
    return Temporal.Instant.fromEpochMilliseconds(this.#nowMs);
  }

  readonly sleep: Sleep = (ms, signal) => {
    if (signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = () => {
        this.#sleepers.delete(sleeper);
        signal?.removeEventListener("abort", wake);
        resolve();
      };
      const sleeper = { wakesAtMs: this.#nowMs + ms, wake };
      this.#sleepers.add(sleeper);
      signal?.addEventListener("abort", wake);
    });
  };

  /** How many sleep now; zero when everything has been cleaned up. */
  get sleeping(): number {
    return this.#sleepers.size;
  }

  /** Lets everything that needs no time happen. */
  async settle(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 0));
  }

  /** Moves the time, waking each sleeper at its own moment. */
  async advance(ms: number): Promise<void> {
    const endMs = this.#nowMs + ms;
    await this.settle();
    for (let next = this.#next(); next !== undefined && next.wakesAtMs <= endMs; next = this.#next()) {
      this.#nowMs = next.wakesAtMs;
      next.wake();
      await this.settle();
    }
    this.#nowMs = endMs;
  }

  /** Moves the time from sleeper to sleeper until the promise has settled; answers it. */
  async until<T>(promise: Promise<T>): Promise<T> {
    let isSettled = false;
    const end = () => {
      isSettled = true;
    };
    promise.then(end, end);
    await this.settle();
    while (!isSettled) {
      const next = this.#next();
      if (next === undefined) throw new Error("Cannot settle the promise as nothing sleeps that could move it on");
      await this.advance(next.wakesAtMs - this.#nowMs);
    }
    return await promise;
  }

  #next(): Sleeper | undefined {
    return [...this.#sleepers].sort((a, b) => a.wakesAtMs - b.wakesAtMs)[0];
  }
}
