import { cycleEnd, cycleStart } from "../cycle.ts";
import { type Day, fillDays, totalDays } from "../history/days.ts";
import type { Snapshot, StoredCycle } from "../stores.ts";
import type { DateRange } from "./date_range.ts";
import { modelDays } from "./model_days.ts";
import type { ReportParts } from "./parts.ts";

/** The local dates that a cycle's figures are known for: from its start up to its last check, or its end. */
export function knownDates({ cycle, firstCapturedAt }: StoredCycle, last: Snapshot, timeZone: string): DateRange {
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
