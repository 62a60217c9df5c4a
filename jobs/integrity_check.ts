import { INTEGRITY_CHECK, type Maintenance } from "../domain/backup/ports.ts";
import { TrackerError } from "../domain/errors.ts";
import type { Job } from "./job.ts";

const HOUR_MS = 60 * 60 * 1000;

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
