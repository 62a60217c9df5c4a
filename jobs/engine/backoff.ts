/** What decides a pause. `random` answers from 0 (inclusive) to 1 (exclusive). */
export interface BackoffOptions {
  readonly delayMs: number;
  readonly maxDelayMs: number;
  readonly random: () => number;
}

/** The pause after the `failures`-th failure in a row, from 1: exponential, capped, with full jitter. */
export function backoffMs(failures: number, { delayMs, maxDelayMs, random }: BackoffOptions): number {
  return Math.floor(random() * Math.min(maxDelayMs, delayMs * 2 ** (failures - 1)));
}
