import { messageOf } from "../domain/errors.ts";
import type { Json } from "../domain/json.ts";
import type { Clock, DueJob, Log } from "../domain/ports.ts";
import { type Cadence, tickKey } from "./cadence.ts";
import type { Engine } from "./engine/engine.ts";

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
export interface ScheduleOptions {
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
export interface Schedule {
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
      log.error("schedule.broken", { job: entry.job, error: messageOf(error) });
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
