import { BACKUP, type Maintenance } from "../domain/backup/ports.ts";
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
