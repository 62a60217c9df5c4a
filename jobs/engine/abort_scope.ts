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
