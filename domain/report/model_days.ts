import { cycleEnd, cycleStart } from "../cycle.ts";
import { daysOfEvents } from "../history/days.ts";
import type { ModelDay } from "../history/model_history.ts";
import { ownEvents } from "../history/own_events.ts";
import type { StoredCycle } from "../stores.ts";
import type { DateRange } from "./date_range.ts";
import type { ReportParts } from "./parts.ts";

type Parts = Pick<ReportParts, "stores" | "config">;

/** No cycle is longer than this. */
const LONGEST_CYCLE_HOURS = 31 * 24;

/** Each model's days of all cycles, and before the first one those that events alone tell. */
export function modelDays(parts: Parts, limits: Partial<DateRange>): ModelDay[] {
  return [...daysBeforeSnapshots(parts, limits), ...parts.stores.history.days(limits)];
}

/** Days from before the first snapshot's cycle, straight from the account's own events. */
function daysBeforeSnapshots({ stores, config: { timeZone } }: Parts, { from, to }: Partial<DateRange>): ModelDay[] {
  const first = stores.history.cycles().at(-1);
  const startOf = (date: Temporal.PlainDate | undefined) => date?.toZonedDateTime(timeZone).toInstant() ?? null;
  const since = startOf(from);
  // The end of the last year of four digits has none: it is left open.
  const end = to === undefined || to.year > 9998 ? undefined : to.add({ days: 1 });
  const until = earlier(first === undefined ? null : coveredSince(first), startOf(end));
  if (since !== null && until !== null && Temporal.Instant.compare(since, until) >= 0) return [];
  return daysOfEvents(ownEvents(stores.events.read({ from: since, to: until })), timeZone);
}

/** From when on the cycle's figures can hold what events tell too. Where it does not tell its start: the earliest. */
function coveredSince({ cycle, firstCapturedAt }: StoredCycle): Temporal.Instant {
  const start = cycleStart(cycle);
  if (start !== null) return start;
  return (cycleEnd(cycle) ?? firstCapturedAt).subtract({ hours: LONGEST_CYCLE_HOURS });
}

function earlier(a: Temporal.Instant | null, b: Temporal.Instant | null): Temporal.Instant | null {
  if (a === null || b === null) return a ?? b;
  return Temporal.Instant.compare(a, b) < 0 ? a : b;
}
