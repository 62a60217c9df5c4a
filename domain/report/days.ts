import type { Snapshot } from "../capture/usage.ts";
import type { Clock } from "../clock.ts";
import type { Config } from "../config.ts";
import { cycleEnd, cycleStart } from "../cycle.ts";
import { type Day, daysOfEvents, fillDays, totalDays } from "../history/days.ts";
import type { ModelDay } from "../history/model_history.ts";
import { ownEvents } from "../history/own_events.ts";
import type { StoredCycle } from "../history/stored_cycle.ts";
import { type Micros, micros, ZERO } from "../money.ts";
import type { Stores } from "../stores.ts";
import type { DaySpan } from "./spans.ts";

/** What reports are made from. */
export interface ReportParts {
  readonly stores: Pick<Stores, "usage" | "history" | "budgets" | "events">;
  readonly clock: Clock;
  readonly config: Pick<Config, "spendMetric" | "timeZone" | "halfLifeDays" | "projectionMethod">;
}

/** The local dates that a cycle's figures are known for: from its start up to its last check, or its end. */
function knownDates({ cycle, firstCapturedAt }: StoredCycle, last: Snapshot, timeZone: string): DateRange {
  const end = cycleEnd(cycle)?.subtract({ milliseconds: 1 }) ?? last.lastCheckedAt;
  const until = Temporal.Instant.compare(end, last.lastCheckedAt) < 0 ? end : last.lastCheckedAt;
  const dateOf = (at: Temporal.Instant) => at.toZonedDateTimeISO(timeZone).toPlainDate();
  return { from: dateOf(cycleStart(cycle) ?? firstCapturedAt), to: dateOf(until) };
}

/**
 * Days in order, all models together. A date within a cycle's known dates without usage is zero; a date that nothing is
 * known of is left out. A date that two cycles share counts both, unless the days are those of one cycle. Where no cycle
 * is asked for, events tell the days before the first snapshot.
 */
export function dailyDays(
  { stores, config }: Pick<ReportParts, "stores" | "config">,
  { cycle, from, to }: { cycle?: StoredCycle; from?: Temporal.PlainDate; to?: Temporal.PlainDate },
): Day[] {
  const limits = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
  const ofModels = cycle === undefined
    ? modelDays({ stores, config }, limits)
    : stores.history.days({ cycleId: cycle.id, ...limits });
  const used = totalDays(ofModels);
  const byDate = new Map(used.map((day) => [day.date.toString(), day]));
  const cycles = cycle === undefined ? stores.history.cycles().filter((each) => mayTouch(each, limits)) : [cycle];
  for (const each of cycles) {
    const last = stores.usage.find(each.lastSnapshotId);
    if (last === null) continue;
    const known = clipped(knownDates(each, last, config.timeZone), limits);
    for (const day of fillDays(used, known)) byDate.set(day.date.toString(), day);
  }
  return [...byDate].sort(([a], [b]) => a < b ? -1 : 1).map(([, day]) => day);
}

/** Tells cycles that are surely outside of the limits without reading their snapshots. A day is left for the zone. */
function mayTouch({ cycle, firstCapturedAt }: StoredCycle, { from, to }: Partial<DateRange>): boolean {
  const first = cycle.start ?? firstCapturedAt.toZonedDateTimeISO("UTC").toPlainDate();
  const isAfter = to !== undefined && Temporal.PlainDate.compare(first.subtract({ days: 1 }), to) > 0;
  const isBefore = from !== undefined && cycle.end !== null &&
    Temporal.PlainDate.compare(cycle.end.add({ days: 1 }), from) < 0;
  return !isAfter && !isBefore;
}

function clipped({ from, to }: DateRange, limits: Partial<DateRange>): DateRange {
  const later = (a: Temporal.PlainDate, b: Temporal.PlainDate) => Temporal.PlainDate.compare(a, b) < 0 ? b : a;
  const earlier = (a: Temporal.PlainDate, b: Temporal.PlainDate) => Temporal.PlainDate.compare(a, b) < 0 ? a : b;
  return { from: later(from, limits.from ?? from), to: earlier(to, limits.to ?? to) };
}

/** Dates from one to another, both included. */
export interface DateRange {
  readonly from: Temporal.PlainDate;
  readonly to: Temporal.PlainDate;
}

/** What was spent since the cycle's start, up to a moment. */
export interface SpentBy {
  /** Days since the cycle's start, fractions included. */
  readonly day: number;
  readonly at: Temporal.Instant;
  readonly spent: Micros;
}

/** What is known of the cycle's spend, summed up to the end of each of its days and to `until`; it begins with nothing. */
export function cumulativeSpend(
  spans: readonly DaySpan[],
  { cycle: { cycle, firstCapturedAt }, until, timeZone }: {
    cycle: Pick<StoredCycle, "cycle" | "firstCapturedAt">;
    until: Temporal.Instant;
    timeZone: string;
  },
): SpentBy[] {
  const first = spans[0]?.from.toZonedDateTime(timeZone).toInstant() ?? firstCapturedAt;
  const start = cycleStart(cycle) ?? first;
  const limit = earlier(cycleEnd(cycle) ?? until, until);
  const points: SpentBy[] = [{ day: 0, at: start, spent: ZERO }];
  let spent = ZERO;
  for (const { to, known } of spans) {
    spent = micros(spent + (known ?? 0));
    const at = earlier(to.add({ days: 1 }).toZonedDateTime(timeZone).toInstant(), limit);
    points.push({ day: start.until(at).total("hours") / 24, at, spent });
  }
  return points;
}

/** What was spent by a moment of the cycle, as if each day's spend came evenly; null after the last known one. */
export function spentBy(points: readonly SpentBy[], day: number): Micros | null {
  const next = points.findIndex((point) => point.day >= day);
  const [before, after] = [points[next - 1], points[next]];
  if (after === undefined) return null;
  if (before === undefined || after.day === before.day) return after.spent;
  const share = (day - before.day) / (after.day - before.day);
  return micros(Math.round(before.spent + (after.spent - before.spent) * share));
}

function earlier(a: Temporal.Instant, b: Temporal.Instant): Temporal.Instant {
  return Temporal.Instant.compare(a, b) < 0 ? a : b;
}

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
  const until = earlierOrKnown(first === undefined ? null : coveredSince(first), startOf(end));
  if (since !== null && until !== null && Temporal.Instant.compare(since, until) >= 0) return [];
  return daysOfEvents(ownEvents(stores.events.read({ from: since, to: until })), timeZone);
}

/** From when on the cycle's figures can hold what events tell too. Where it does not tell its start: the earliest. */
function coveredSince({ cycle, firstCapturedAt }: StoredCycle): Temporal.Instant {
  const start = cycleStart(cycle);
  if (start !== null) return start;
  return (cycleEnd(cycle) ?? firstCapturedAt).subtract({ hours: LONGEST_CYCLE_HOURS });
}

function earlierOrKnown(a: Temporal.Instant | null, b: Temporal.Instant | null): Temporal.Instant | null {
  if (a === null || b === null) return a ?? b;
  return Temporal.Instant.compare(a, b) < 0 ? a : b;
}
