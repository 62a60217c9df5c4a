import { messageOf, TrackerError } from "../domain/errors.ts";
import type { Json } from "../domain/json.ts";
import { BACKUP, INTEGRITY_CHECK, type Maintenance } from "../domain/operations/backup.ts";
import type { Heartbeat } from "../domain/runs/run.ts";
import type { Job } from "./job.ts";

const HOUR_MS = 60 * 60 * 1000;

/** How many nightly backups are kept. */
export const KEPT_BACKUPS = 7;

/** The nightly backup to DATA_DIR/backups, of which the newest seven are kept. Repeated after a kill, it replaces itself. */
export function backupJob<Tx>(maintenance: Maintenance): Job<Tx> {
  return {
    name: BACKUP,
    timeoutMs: 6 * HOUR_MS,
    async run({ run, step, log }) {
      const name = `tracker-${run.createdAt.toString({ smallestUnit: "second" }).replaceAll(/[-:]/g, "")}.tar.gz`;
      const { file, bytes } = await step(
        "write",
        async ({ signal }) => ({ ...await maintenance.backUp(name, signal) }),
        { attempts: 3, delayMs: 60_000, timeoutMs: HOUR_MS },
      );
      const removed = await step("prune", async () => [...await maintenance.pruneBackups(KEPT_BACKUPS)]);
      log.info("backup.written", { file, bytes, removed: removed.length });
      return { file, bytes, removed };
    },
  };
}

/** The weekly look at every page of the database. What it finds fails the run, which is logged, listed and kept. */
export function integrityCheckJob<Tx>(maintenance: Maintenance): Job<Tx> {
  return {
    name: INTEGRITY_CHECK,
    timeoutMs: 2 * HOUR_MS,
    async run({ step, log }) {
      const problems = await step(
        "check",
        async ({ signal }) => [...(await maintenance.checkIntegrity(signal)).problems],
        { timeoutMs: HOUR_MS },
      );
      const [first] = problems;
      if (first === undefined) return { problems };
      log.error("integrity_check.damaged", { problems });
      const more = problems.length === 1 ? "" : ` (and ${problems.length - 1} more)`;
      throw new TrackerError(`The database is damaged: ${first}${more}`, {
        hint: "Stop the server, then restore the newest backup from DATA_DIR/backups with 'tracker restore'.",
      });
    },
  };
}

const STEP = "heartbeat";
const STEP_TIMEOUT_MS = 15_000;

/**
 * The job with a sign of life after each run that ended well. One that does not arrive is a warning in the log: the
 * figures are stored, and whoever waits for the sign will ask.
 */
export function withHeartbeat<Tx, Output extends Json>(
  job: Job<Tx, Output>,
  heartbeat: Heartbeat | null,
): Job<Tx, Output> {
  if (heartbeat === null) return job;
  return {
    ...job,
    async run(context) {
      const output = await job.run(context);
      try {
        await context.step(STEP, async ({ signal }) => {
          await heartbeat.beat({ signal });
          return null;
        }, { attempts: 2, delayMs: 1_000, timeoutMs: STEP_TIMEOUT_MS });
      } catch (error) {
        if (context.signal.aborted) throw error;
        context.log.warn("heartbeat.failed", { error: messageOf(error) });
      }
      return output;
    },
  };
}
