import type { Capture } from "./capture.ts";
import { TrackerError } from "./errors.ts";
import { type FailedOutcome, OUTCOME_MEANING } from "./outcome.ts";

/** A scrape that ends without figures: why, what to do, and what was seen. */
export class CaptureFailed extends TrackerError {
  override readonly name = "CaptureFailed";
  readonly outcome: FailedOutcome;
  /** What the browser saw; null where none was opened. */
  readonly capture: Capture | null;
  /** What is kept with the run. */
  readonly details: { outcome: FailedOutcome; exitCode: number };

  constructor(
    message: string,
    options: { outcome: FailedOutcome; capture?: Capture | null; hint?: string; cause?: unknown },
  ) {
    const { hint, exitCode } = OUTCOME_MEANING[options.outcome];
    super(message, { hint: options.hint ?? hint, exitCode, cause: options.cause });
    this.outcome = options.outcome;
    this.capture = options.capture ?? null;
    this.details = { outcome: options.outcome, exitCode };
  }
}
