import { cycleProgress } from "../domain/cycle.ts";
import type { Standing } from "../domain/report/standing.ts";
import { formatDate } from "./web/format.ts";

/** "Pro plan · cycle 10 Nov – 10 Dec · day 12 of 30 · UTC". */
export function cycleLine({ cycle: { cycle }, snapshot, asOf, isCurrent }: Standing, timeZone: string): string {
  const { start, end } = cycle;
  const today = asOf.toZonedDateTimeISO(timeZone).toPlainDate();
  const plan = snapshot.membership === null ? null : `${planName(snapshot.membership)} plan`;
  const period = start === null ? "cycle unknown" : `cycle ${formatDate(start, today)} – ${formatDate(end, today)}`;
  const { daysElapsed, daysTotal } = cycleProgress(cycle, asOf);
  const day = daysElapsed === null || daysTotal === null || !isCurrent
    ? null
    : `day ${Math.min(Math.floor(daysElapsed) + 1, Math.ceil(daysTotal))} of ${Math.round(daysTotal)}`;
  return [plan, period, day, timeZone].filter((part) => part !== null).join(" · ");
}

function planName(membership: string): string {
  const words = membership.replaceAll("_", " ").replace(" plus", "+");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
