import type { Clock } from "../domain/clock.ts";
import { messageOf } from "../domain/errors.ts";
import type { Json } from "../domain/json.ts";
import type { Log } from "../domain/log.ts";
import type { DueJob } from "../domain/runs/run.ts";
import type { Engine } from "./engine/engine.ts";

const MINUTES_PER_HOUR = 60;
const MINUTES_PER_DAY = 24 * MINUTES_PER_HOUR;
const TIME_OF_DAY = /^([01]\d|2[0-3]):([0-5]\d)$/;

/** When a job is due, in UTC: each tick is a whole minute. */
interface Cadence {
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

const CRON_NAME = /^[A-Za-z0-9 _-]{1,64}$/;

/** A timer may fire a moment before the wall clock shows the tick; that tick must not be taken for the one before. */
const EARLY_TOLERANCE = { milliseconds: 1_000 };

/** A job and when it is due. */
export interface ScheduleEntry {
  readonly job: string;
  readonly cadence: Cadence;
  /** The run's input. Default null. */
  readonly input?: Json;
}

/** The entries as pages show them. */
export function dueJobs(entries: readonly ScheduleEntry[]): DueJob[] {
  return entries.map(({ job, cadence: { cron, nextDue } }) => ({ job, cron, nextDue }));
}

/** The part of `Deno.cron` that a schedule needs. */
export type Cron = (
  name: string,
  schedule: string,
  options: { signal: AbortSignal },
  handler: () => Promise<void>,
) => Promise<void>;

/** What a schedule works with. */
interface ScheduleOptions {
  readonly engine: Pick<Engine, "start">;
  readonly entries: readonly ScheduleEntry[];
  readonly clock: Clock;
  readonly log: Log;
  /** Ends the schedule. */
  readonly signal: AbortSignal;
  /** Default `Deno.cron`: in-memory, UTC, and the ticks of a job do not overlap. */
  readonly cron?: Cron;
}

/** A schedule that is going on. */
interface Schedule {
  /** For start-up: starts the last due tick of each job, unless it ran. Never rejects; what fails is logged. */
  catchUp(): Promise<void>;
}

/**
 * From now on starts a run for each job's ticks, keyed by the tick, so that however often a tick is reported it runs
 * once. @throws TypeError where `Deno.cron` would not take a job's name, or a job is named twice.
 */
export function schedule(options: ScheduleOptions): Schedule {
  const { engine, entries, clock, log, signal, cron = Deno.cron } = options;
  checkNames(entries);
  const startDue = async ({ job, cadence, input = null }: ScheduleEntry, now: Temporal.Instant) => {
    const key = tickKey(cadence.lastDue(now));
    try {
      await engine.start(job, key, input);
    } catch (error) {
      if (!signal.aborted) log.error("schedule.tick_failed", { job, key, error: messageOf(error) });
    }
  };
  for (const entry of entries) {
    const handler = () => startDue(entry, clock.now().add(EARLY_TOLERANCE));
    cron(entry.job, entry.cadence.cron, { signal }, handler).catch((error) => {
      log.error("schedule.failed", { job: entry.job, error: messageOf(error) });
    });
  }
  return {
    async catchUp() {
      const now = clock.now();
      await Promise.all(entries.map((entry) => startDue(entry, now)));
    },
  };
}

function checkNames(entries: readonly ScheduleEntry[]): void {
  const names = entries.map(({ job }) => job);
  const unusable = names.find((name) => !CRON_NAME.test(name));
  if (unusable !== undefined) {
    throw new TypeError(
      `Cannot schedule a job as its name must be 1 to 64 letters, digits, spaces, hyphens or underscores: "${unusable}"`,
    );
  }
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new TypeError(`Cannot schedule a job twice: "${twice}"`);
}
