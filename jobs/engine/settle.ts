import type { AbortScope } from "./abort_scope.ts";
import type { Sleep } from "./sleep.ts";

/** How a body ended. "aborted" where its signal was aborted first, whatever it made of that. */
export type Settled<T> =
  | { readonly status: "fulfilled"; readonly value: T }
  | { readonly status: "rejected"; readonly error: unknown }
  /** `abandoned`: it still went on after the grace time; whatever comes of it is dropped. */
  | { readonly status: "aborted"; readonly abandoned: boolean };

/** How long an aborted body may take to clean up. */
export interface SettleOptions {
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
