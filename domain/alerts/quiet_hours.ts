import type { QuietHours } from "../config.ts";

/** The end of the quiet hours that `now` lies in, by the zone's wall clock; null where it lies in none. */
export function quietUntil(
  now: Temporal.Instant,
  { quietHours, timeZone }: { quietHours: QuietHours | null; timeZone: string },
): Temporal.Instant | null {
  if (quietHours === null) return null;
  const { from, to } = quietHours;
  const local = now.toZonedDateTimeISO(timeZone);
  const isFrom = Temporal.PlainTime.compare(local.toPlainTime(), from) >= 0;
  const isBeforeTo = Temporal.PlainTime.compare(local.toPlainTime(), to) < 0;
  const isOverMidnight = Temporal.PlainTime.compare(from, to) > 0;
  if (isOverMidnight ? !isFrom && !isBeforeTo : !isFrom || !isBeforeTo) return null;
  const day = isOverMidnight && isFrom ? local.toPlainDate().add({ days: 1 }) : local.toPlainDate();
  return day.toZonedDateTime({ timeZone, plainTime: to }).toInstant();
}
