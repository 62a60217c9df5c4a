import { eventIdentity, type UsageEvent } from "./event.ts";

/** One page of a window of events, newest first, as the site answered it. */
export interface EventPage {
  /** From 1. */
  readonly page: number;
  /** Events in the whole window, as this page told; null where it did not. */
  readonly total: number | null;
  readonly events: readonly UsageEvent[];
}

/** A window's events, and whether they are all of it. */
export interface EventWindow {
  readonly events: readonly UsageEvent[];
  readonly isComplete: boolean;
}

/**
 * Joins the pages of one window. A page that was read twice counts once, the last reading decides. An event that arrives
 * between two pages pushes the last events of one onto the next: as many as the total grew by are dropped there, if they
 * are the same. Short pages mean nothing; the window is complete when the total is reached.
 */
export function joinPages(pages: readonly EventPage[]): EventWindow {
  const byNumber = new Map(pages.map((page) => [page.page, page]));
  const ordered = [...byNumber.values()].sort((a, b) => a.page - b.page);
  const events: UsageEvent[] = [];
  let previous: EventPage | null = null;
  for (const page of ordered) {
    const follows = previous !== null && previous.page + 1 === page.page;
    const grown = follows && previous !== null ? (page.total ?? 0) - (previous.total ?? page.total ?? 0) : 0;
    events.push(...page.events.slice(overlap(events, page.events, { atMost: grown })));
    previous = page;
  }
  const total = ordered[0]?.total ?? null;
  return { events, isComplete: total !== null && ordered[0]?.page === 1 && events.length >= total };
}

/** How many events at the end of `before` stand again at the beginning of `after`: none unless all that moved do. */
function overlap(
  before: readonly UsageEvent[],
  after: readonly UsageEvent[],
  { atMost }: { atMost: number },
): number {
  for (let length = Math.min(atMost, before.length, after.length); length > 0; length--) {
    const tail = before.slice(-length).map(eventIdentity);
    if (after.slice(0, length).every((event, at) => eventIdentity(event) === tail[at])) return length;
  }
  return 0;
}

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
