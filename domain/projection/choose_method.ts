import type { ProjectionMethod } from "../config.ts";
import type { Method } from "./project.ts";
import type { Scorecard } from "./scorecard.ts";

/** A method, and why it was taken. */
export interface MethodChoice {
  readonly method: Method;
  /** One sentence for people. */
  readonly reason: string;
}

/** Fewer finished cycles than this say too little about which method is better. */
export const LEAST_CYCLES = 2;

/**
 * The method to project with. `auto` takes the one whose projections of finished cycles were off by less, relative to
 * what came; linear on a tie, and while there are fewer than two finished cycles with known spend.
 */
export function chooseMethod(setting: ProjectionMethod, scorecard: Scorecard): MethodChoice {
  if (setting !== "auto") return { method: setting, reason: `PROJECTION_METHOD is ${setting}.` };
  if (scorecard.cycles < LEAST_CYCLES) {
    return {
      method: "linear",
      reason: `auto took linear: ${scorecard.cycles} finished cycles with known spend, ${LEAST_CYCLES} are needed ` +
        "to compare.",
    };
  }
  const error = (method: Method) => scorecard.scores.find((score) => score.method === method)?.meanRelativeError;
  const linear = error("linear") ?? null;
  const ewma = error("ewma") ?? null;
  if (linear === null || ewma === null) {
    return { method: "linear", reason: "auto took linear: nothing was spent in the finished cycles." };
  }
  const method = ewma < linear ? "ewma" : "linear";
  return {
    method,
    reason: `auto took ${method}: over ${scorecard.cycles} finished cycles it was off by ${percent(error(method))}, ` +
      `${method === "ewma" ? "linear" : "ewma"} by ${percent(method === "ewma" ? linear : ewma)}.`,
  };
}

function percent(share: number | null | undefined): string {
  return `${((share ?? 0) * 100).toFixed(1)} %`;
}
