import type { UsageEvent } from "./events.ts";

/**
 * A window in parts of about `size` events, oldest first. Events of one moment stay together, so that merging the parts
 * one by one gives what merging the window at once gives.
 */
export function* timeSlices(events: readonly UsageEvent[], size: number): Generator<UsageEvent[], void> {
  const timed = events.map((event) => ({ event, at: event.at.epochMilliseconds })).sort((a, b) => a.at - b.at);
  let slice: UsageEvent[] = [];
  for (const [place, { event, at }] of timed.entries()) {
    if (slice.length >= size && timed[place - 1]?.at !== at) {
      yield slice;
      slice = [];
    }
    slice.push(event);
  }
  if (slice.length > 0) yield slice;
}
