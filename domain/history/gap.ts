import type { DaySlice, LocalDays } from "./local_days.ts";

/**
 * How long a gap over midnight may be before its days are called estimated: an hourly scrape that missed two turns.
 * A gap within one day is never an estimate, however long.
 */
export const LONGEST_SURE_GAP: Temporal.Duration = Temporal.Duration.from({ hours: 3 });

/** The time that a delta belongs to: after the last check before it (exclusive), up to its snapshot (inclusive). */
export interface Gap {
  readonly from: Temporal.Instant;
  readonly to: Temporal.Instant;
  readonly slices: readonly DaySlice[];
  /** Whether a spread over its days is a guess: it crosses a midnight and lasts longer than LONGEST_SURE_GAP. */
  readonly isGuess: boolean;
}

/** The gap between two moments. A start after its end (clocks differ) counts as the end. */
export function gapBetween(from: Temporal.Instant, to: Temporal.Instant, days: LocalDays): Gap {
  const start = Temporal.Instant.compare(from, to) < 0 ? from : to;
  const slices = days.slices(start, to);
  const isLong = start.until(to).total("milliseconds") > LONGEST_SURE_GAP.total("milliseconds");
  return { from: start, to, slices, isGuess: slices.length > 1 && isLong };
}
