import type { AdminApi, UsageEventPage, UsageEventQuery } from "../domain/billing/ports.ts";

/** A request that was sent before somebody asked for its answer. */
interface Asked {
  readonly query: UsageEventQuery;
  readonly answer: Promise<UsageEventPage>;
}

/** Asks for a page while the one before it is still being kept: there is never more than one request under way. */
export class PagesAhead {
  readonly #api: Pick<AdminApi, "usageEvents">;
  /** Ends what was asked ahead, whoever waits for it. */
  readonly #signal: AbortSignal;
  #asked: Asked | null = null;

  constructor(api: Pick<AdminApi, "usageEvents">, signal: AbortSignal) {
    this.#api = api;
    this.#signal = signal;
  }

  /** The page, which may be on its way already. */
  async take(query: UsageEventQuery, { signal }: { signal: AbortSignal }): Promise<UsageEventPage> {
    const asked = this.#asked;
    this.#asked = null;
    if (asked === null || !isSame(asked.query, query)) return await this.#api.usageEvents(query, { signal });
    return await orAborted(asked.answer, signal);
  }

  /** Asks for the page that is taken next. A failure is told to who takes it. */
  ask(query: UsageEventQuery): void {
    const answer = this.#api.usageEvents(query, { signal: this.#signal });
    // Where nobody takes it any more, nobody needs to know that it failed.
    answer.catch(() => undefined);
    this.#asked = { query, answer };
  }
}

function isSame(a: UsageEventQuery, b: UsageEventQuery): boolean {
  return a.startMs === b.startMs && a.endMs === b.endMs && a.page === b.page && a.pageSize === b.pageSize;
}

async function orAborted<T>(answer: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([answer, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
