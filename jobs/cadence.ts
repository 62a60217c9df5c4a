const MINUTES_PER_HOUR = 60;
const MINUTES_PER_DAY = 24 * MINUTES_PER_HOUR;
const TIME_OF_DAY = /^([01]\d|2[0-3]):([0-5]\d)$/;

/** When a job is due, in UTC: each tick is a whole minute. */
export interface Cadence {
  /** The same in cron's words, for `Deno.cron`, which reads them as UTC. */
  readonly cron: string;
  /** The newest tick that is not after `now`. */
  lastDue(now: Temporal.Instant): Temporal.Instant;
  /** The first tick after `now`. */
  nextDue(now: Temporal.Instant): Temporal.Instant;
}

/** Every so many minutes from midnight UTC on. @throws RangeError where that would not be the same hour by hour or day by day. */
export function every(minutes: number): Cadence {
  const fits = minutes < MINUTES_PER_HOUR
    ? MINUTES_PER_HOUR % minutes === 0
    : minutes % MINUTES_PER_HOUR === 0 && MINUTES_PER_DAY % minutes === 0;
  if (!Number.isInteger(minutes) || minutes < 1 || !fits) {
    throw new RangeError(
      `Cannot make a cadence as the minutes must divide an hour, or be hours that divide a day: current value is ${minutes}`,
    );
  }
  const lastDue = (now: Temporal.Instant) => floorToMinutes(now, minutes);
  return { cron: cronOfMinutes(minutes), lastDue, nextDue: (now) => lastDue(now).add({ minutes }) };
}

/** Once a day at "HH:MM" UTC. @throws RangeError where it is no such time. */
export function dailyAt(timeOfDay: string): Cadence {
  const match = TIME_OF_DAY.exec(timeOfDay);
  if (match === null) {
    throw new RangeError(`Cannot make a cadence as the time must be HH:MM: current value is "${timeOfDay}"`);
  }
  const [hour, minute] = [Number(match[1]), Number(match[2])];
  const sinceMidnight = { hours: hour, minutes: minute };
  const lastDue = (now: Temporal.Instant) =>
    floorToMinutes(now.subtract(sinceMidnight), MINUTES_PER_DAY).add(sinceMidnight);
  return {
    cron: `${minute} ${hour} * * *`,
    lastDue,
    nextDue: (now) => lastDue(now).add({ minutes: MINUTES_PER_DAY }),
  };
}

/** Once a week, on Sunday at "HH:MM" UTC. @throws RangeError where it is no such time. */
export function sundaysAt(timeOfDay: string): Cadence {
  const daily = dailyAt(timeOfDay);
  const lastDue = (now: Temporal.Instant) => {
    const due = daily.lastDue(now);
    return due.subtract({ hours: 24 * (due.toZonedDateTimeISO("UTC").dayOfWeek % 7) });
  };
  return {
    cron: daily.cron.replace(/\*$/, "SUN"),
    lastDue,
    nextDue: (now) => lastDue(now).add({ hours: 7 * 24 }),
  };
}

/** The key of the run for a tick: "2026-11-21T19:00Z". */
export function tickKey(tick: Temporal.Instant): string {
  return tick.toString({ smallestUnit: "minute" });
}

function cronOfMinutes(minutes: number): string {
  if (minutes === 1) return "* * * * *";
  if (minutes < MINUTES_PER_HOUR) return `*/${minutes} * * * *`;
  if (minutes === MINUTES_PER_HOUR) return "0 * * * *";
  return minutes === MINUTES_PER_DAY ? "0 0 * * *" : `0 */${minutes / MINUTES_PER_HOUR} * * *`;
}

/** Whole days since 1970 begin at midnight UTC, so minutes that divide a day are counted from there. */
function floorToMinutes(now: Temporal.Instant, minutes: number): Temporal.Instant {
  const stepMs = minutes * 60_000;
  return Temporal.Instant.fromEpochMilliseconds(Math.floor(now.epochMilliseconds / stepMs) * stepMs);
}
