/** Waits, and rejects with the signal's reason as soon as it is aborted. */
export type Sleep = (ms: number, options: { signal: AbortSignal }) => Promise<void>;

/** `Sleep` by a real timer. */
export function sleep(ms: number, { signal }: { signal: AbortSignal }): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, ms);
    signal.addEventListener("abort", stop, { once: true });
  });
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

/** Waits until the condition holds, the page has gone quiet, or the time is up. @throws the signal's reason on abort. */
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

/** The promise's value; rejects with the signal's reason where that is aborted first. The promise itself goes on. */
export function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
