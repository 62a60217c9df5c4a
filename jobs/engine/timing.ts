import type { Sleep } from "../../domain/clock.ts";

/** What decides a pause. `random` answers from 0 (inclusive) to 1 (exclusive). */
interface BackoffOptions {
  readonly delayMs: number;
  readonly maxDelayMs: number;
  readonly random: () => number;
}

/** The pause after the `failures`-th failure in a row, from 1: exponential, capped, with full jitter. */
export function backoffMs(failures: number, { delayMs, maxDelayMs, random }: BackoffOptions): number {
  return Math.floor(random() * Math.min(maxDelayMs, delayMs * 2 ** (failures - 1)));
}

/**
 * An abort signal for bodies, with listeners of its own for the engine: a plain call each, where an event listener costs
 * as much as a small write.
 */
export class AbortScope {
  readonly #controller = new AbortController();
  readonly #listeners = new Set<(reason: unknown) => void>();

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Aborts the signal. The first reason counts. */
  abort(reason: unknown): void {
    if (this.signal.aborted) return;
    this.#controller.abort(reason);
    for (const listener of [...this.#listeners]) listener(reason);
  }

  /** Calls the listener on abort, at once where that has been; answers how to forget it. */
  onAbort(listener: (reason: unknown) => void): () => void {
    if (this.signal.aborted) listener(this.signal.reason);
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

/** How a body ended. "aborted" where its signal was aborted first, whatever it made of that. */
export type Settled<T> =
  | { readonly status: "fulfilled"; readonly value: T }
  | { readonly status: "rejected"; readonly error: unknown }
  /** `abandoned`: it still went on after the grace time; whatever comes of it is dropped. */
  | { readonly status: "aborted"; readonly abandoned: boolean };

/** How long an aborted body may take to clean up. */
interface SettleOptions {
  readonly scope: AbortScope;
  readonly graceMs: number;
  readonly sleep: Sleep;
}

/** Waits for `body`, but after an abort no longer than the grace time. Never rejects. */
export async function settle<T>(
  body: () => Promise<T>,
  { scope, graceMs, sleep }: SettleOptions,
): Promise<Settled<T>> {
  const ended: Promise<Settled<T>> = Promise.try(body).then(
    (value) => ({ status: "fulfilled", value }),
    (error) => ({ status: "rejected", error }),
  );
  const { promise: aborted, resolve } = Promise.withResolvers<null>();
  const forget = scope.onAbort(() => resolve(null));
  const first = await Promise.race([ended, aborted]);
  forget();
  if (!scope.signal.aborted && first !== null) return first;
  const over = new AbortController();
  const inTime = await Promise.race([ended.then(() => true), sleep(graceMs, over.signal).then(() => false)]);
  over.abort();
  return { status: "aborted", abandoned: !inTime };
}
