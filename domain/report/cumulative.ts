import { cycleEnd, cycleStart } from "../cycle.ts";
import { type Micros, micros, ZERO } from "../money.ts";
import type { StoredCycle } from "../stores.ts";
import type { DaySpan } from "./day_spans.ts";

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
