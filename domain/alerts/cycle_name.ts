import { cycleEnd, cycleStart } from "../cycle.ts";
import type { StoredCycle } from "../stores.ts";

/** What a page in local time and an exact moment in UTC may differ by. */
const DATE_SLACK_DAYS = 1;
const SINCE = "since ";

/**
 * The name that a cycle's alerts have in common: its start date, or "since" and the moment of its first snapshot where
 * the start was not told. A cycle that has alerts keeps the name that they were given: a start that gets known later, or
 * more exactly, must not let every alert fire anew.
 */
export function cycleName(cycle: StoredCycle, given: readonly string[]): string {
  const start = cycle.cycle.start;
  const own = start === null ? `${SINCE}${cycle.firstCapturedAt}` : start.toString();
  return given.find((name) => isNameOf(cycle, name)) ?? own;
}

function isNameOf(cycle: StoredCycle, name: string): boolean {
  if (!name.startsWith(SINCE)) {
    const { start } = cycle.cycle;
    if (start === null) return false;
    return Math.abs(start.until(Temporal.PlainDate.from(name)).total("days")) <= DATE_SLACK_DAYS;
  }
  const first = Temporal.Instant.from(name.slice(SINCE.length));
  const from = cycleStart(cycle.cycle) ?? cycle.firstCapturedAt;
  const to = cycleEnd(cycle.cycle);
  const isAfterStart = Temporal.Instant.compare(first, from) >= 0;
  if (to !== null) return isAfterStart && Temporal.Instant.compare(first, to) < 0;
  // Without an end only the cycle's own first snapshot proves that it is meant.
  return first.equals(cycle.firstCapturedAt) || (cycle.cycle.start !== null && isAfterStart);
}
