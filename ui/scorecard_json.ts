import { toCents } from "../domain/money.ts";
import type { MethodChoice } from "../domain/projection/choose_method.ts";
import type { Score, Scorecard } from "../domain/projection/scorecard.ts";

/** The scorecard, the same for /api/scorecard and `projection --scorecard --json`. */
export function scorecardJson({ cycles, scores, byDay }: Scorecard, choice: MethodChoice) {
  return {
    method: choice.method,
    method_reason: choice.reason,
    cycles,
    scores: scores.map(scoreJson),
    by_day: byDay.map((day) => ({ day_of_cycle: day.dayOfCycle, scores: day.scores.map(scoreJson) })),
  };
}

function scoreJson({ method, trials, meanError, meanRelativeError }: Score) {
  return {
    method,
    trials,
    mean_error_cents: toCents(meanError),
    mean_error_micros: meanError,
    mean_relative_error: meanRelativeError,
  };
}
