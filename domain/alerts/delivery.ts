import type { QuietHours } from "../config.ts";
import type { Notification } from "./notification.ts";

/** Name of the job that judges and tells alerts, as runs, schedules and logs have it. */
export const ALERT_SWEEP = "alert-sweep";

/** What a sweep came to; `alerts sweep --json` prints it. */
export type SweepResult = {
  /** Dedupe keys of the alerts that it opened. */
  opened: string[];
  /** Dedupe keys of the alerts that it found over. */
  cleared: string[];
  delivered: number;
  /** Messages that were refused for now. */
  deferred: number;
  /** Messages that were refused for good, or for three days. */
  given_up: number;
  /** Messages that wait in the outbox afterwards. */
  waiting: number;
  /** When the quiet hours that it found end: ISO 8601, UTC. */
  quiet_until: string | null;
  /** When the first of the messages that failed is tried again: ISO 8601, UTC. */
  next_attempt_at: string | null;
};

const FIRST_PAUSE_MINUTES = 1;
const LONGEST_PAUSE_MINUTES = 6 * 60;
const GIVE_UP_HOURS = 72;
/** A message that failed this often (it takes an hour) may be refused for itself: others no longer wait for it. */
const PATIENT_TRIES = 7;
/** So many messages within so many minutes are enough: what comes next waits, and becomes one. */
const FLOOD_MESSAGES = 4;
/** The span of time that the limit is for. */
export const FLOOD_MINUTES = 60;

/**
 * The message of one channel that is to be sent now. What was tried before comes first; news wait for it, as a draft
 * that further news join, so that a server that comes back after a day gets one digest and no flood. `sent`: when
 * messages of the last hour were delivered.
 */
export function nextToSend(
  pending: readonly Notification[],
  { now, sent }: { now: Temporal.Instant; sent: readonly Temporal.Instant[] },
): Notification | null {
  const tried = pending.filter(({ attempts }) => attempts > 0);
  const again = tried.find((one) => isDue(one, now));
  if (again !== undefined) return again;
  if (tried.some(({ attempts }) => attempts < PATIENT_TRIES) || sent.length >= FLOOD_MESSAGES) return null;
  return pending.find((one) => one.attempts === 0 && isDue(one, now)) ?? null;
}

/** When a message that failed is tried again, or null where it is given up: 1 min, 2 min, … 6 h; for three days. */
export function retryAt(
  { attempts, firstAttemptAt }: Pick<Notification, "attempts" | "firstAttemptAt">,
  { now, askedMs = null }: { now: Temporal.Instant; askedMs?: number | null },
): Temporal.Instant | null {
  if (firstAttemptAt !== null && firstAttemptAt.until(now).total("hours") >= GIVE_UP_HOURS) return null;
  const doubled = FIRST_PAUSE_MINUTES * 2 ** Math.min(attempts - 1, 20);
  const minutes = Math.min(Math.max(doubled, (askedMs ?? 0) / 60_000), LONGEST_PAUSE_MINUTES);
  return now.add({ seconds: Math.ceil(minutes * 60) });
}

/** A pause longer than any is one that a wrong clock made. */
function isDue({ nextAttemptAt }: Notification, now: Temporal.Instant): boolean {
  if (nextAttemptAt === null) return false;
  const minutes = now.until(nextAttemptAt).total("minutes");
  return minutes <= 0 || minutes > LONGEST_PAUSE_MINUTES;
}

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
