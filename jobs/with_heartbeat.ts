import { messageOf } from "../domain/errors.ts";
import type { Json } from "../domain/json.ts";
import type { Heartbeat } from "../domain/ports.ts";
import type { Job } from "./job.ts";

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
