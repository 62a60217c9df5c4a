/** The time. Injected everywhere, so that a test can say what day it is. */
export interface Clock {
  now(): Temporal.Instant;
}

/** A stretch of time: `from` inclusive, `to` exclusive; open where a bound is null. */
export interface TimeRange {
  readonly from?: Temporal.Instant | null;
  readonly to?: Temporal.Instant | null;
}
