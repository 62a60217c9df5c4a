import type { Sleep } from "../../domain/clock.ts";

/** `Sleep` by the system's timer. */
export const sleep: Sleep = (ms, signal) => {
  if (signal?.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal?.addEventListener("abort", end);
  });
};

/** The promise's value; null if it takes longer. The promise itself goes on. */
export async function within<T>(ms: number, promise: Promise<T>): Promise<T | null> {
  const over = new AbortController();
  try {
    return await Promise.race([promise, sleep(ms, over.signal).then(() => null)]);
  } finally {
    over.abort();
  }
}

/** What `until` waits on. */
interface UntilOptions {
  readonly limitMs: number;
  readonly signal: AbortSignal;
  /** Registers a function to be called after each change. */
  readonly onChange: (notify: () => void) => void;
  /** With `isBusy`: gives up early once nothing was awaited and nothing changed for this long. */
  readonly quietMs?: number;
  readonly isBusy?: () => boolean;
}

/** Waits until the condition holds, all has gone quiet, or the time is up. @throws the signal's reason on abort. */
export function until(holds: () => boolean, options: UntilOptions): Promise<void> {
  const { limitMs, signal, onChange, quietMs, isBusy = () => false } = options;
  signal.throwIfAborted();
  if (holds()) return Promise.resolve();
  return new Promise((resolve, reject) => {
    let quiet: ReturnType<typeof setTimeout> | undefined;
    const end = (settle: () => void) => {
      clearTimeout(quiet);
      clearTimeout(limit);
      signal.removeEventListener("abort", abort);
      onChange(() => {});
      settle();
    };
    const abort = () => end(() => reject(signal.reason));
    const limit = limitMs === Infinity ? undefined : setTimeout(() => end(resolve), limitMs);
    const check = () => {
      clearTimeout(quiet);
      if (holds()) return end(resolve);
      if (quietMs !== undefined && !isBusy()) quiet = setTimeout(() => end(resolve), quietMs);
    };
    signal.addEventListener("abort", abort, { once: true });
    onChange(check);
    check();
  });
}
