import { messageOf, TrackerError } from "./errors.ts";
import { OUTCOME_MEANING } from "./outcome.ts";

/** How the runtime, SQLite and browsers say that there is no space left. */
const SAYS =
  /no space left on device|\bENOSPC\b|os error 28\b|database or disk is full|disk quota exceeded|cannot grow as the disk/i;

/** Something could not be written as the disk is full. */
export class DiskFull extends TrackerError {
  override readonly name = "DiskFull";
  /** What is kept with the run. */
  readonly details = { outcome: "disk_full", exitCode: OUTCOME_MEANING.disk_full.exitCode };

  constructor(message: string, options: { cause?: unknown } = {}) {
    const { hint, exitCode } = OUTCOME_MEANING.disk_full;
    super(message, { hint, exitCode, ...options });
  }
}

/** Whether the error, or one that caused it, is about a full disk. */
export function isDiskFull(error: unknown): boolean {
  if (error instanceof DiskFull) return true;
  return SAYS.test(messageOf(error)) ||
    (error instanceof Error && error.cause !== undefined && isDiskFull(error.cause));
}
