import type { Capture, Evidence } from "./capture.ts";
import { TrackerError } from "./errors.ts";
import type { Json } from "./json.ts";
import { type FailedOutcome, OUTCOME_MEANING } from "./outcome.ts";

/** A run's failure is read by people: of long lists it keeps the first. */
const MOST_LISTED = 20;

/** A scrape that ends without figures: why, what to do, and what was seen. */
export class CaptureFailed extends TrackerError {
  override readonly name = "CaptureFailed";
  readonly outcome: FailedOutcome;
  /** What the browser saw; null where none was opened. */
  readonly capture: Capture | null;
  /** What is kept with the run: the outcome, and the evidence that it was decided by. */
  readonly details: Json;

  constructor(
    message: string,
    options: { outcome: FailedOutcome; capture?: Capture | null; hint?: string; cause?: unknown },
  ) {
    const { hint, exitCode } = OUTCOME_MEANING[options.outcome];
    super(message, { hint: options.hint ?? hint, exitCode, cause: options.cause });
    this.outcome = options.outcome;
    this.capture = options.capture ?? null;
    const { capture } = this;
    this.details = {
      outcome: options.outcome,
      exitCode,
      ...(capture === null
        ? {}
        : { capturedAt: capture.capturedAt.toString(), evidence: evidenceJson(capture.evidence) }),
    };
  }
}

function evidenceJson(evidence: Evidence): Json {
  const calls = evidence.apiCalls.slice(0, MOST_LISTED).map(({ path, status }) => ({ path, status }));
  return { ...evidence, apiCalls: calls, problems: evidence.problems.slice(0, MOST_LISTED) };
}
