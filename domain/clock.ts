/** The time. Injected everywhere, so that a test can say what day it is. */
export interface Clock {
  now(): Temporal.Instant;
}

/** Waits; ends early, without an error, when the signal is aborted. Injected as the clock is. */
export type Sleep = (ms: number, signal?: AbortSignal) => Promise<void>;

/** A stretch of time: `from` inclusive, `to` exclusive; open where a bound is null. */
export interface TimeRange {
  readonly from?: Temporal.Instant | null;
  readonly to?: Temporal.Instant | null;
}
