import { toCents } from "../../domain/money.ts";
import { METHODS } from "../../domain/projection/projection.ts";
import type { MethodChoice, Score, Scorecard } from "../../domain/projection/scorecard.ts";
import type { WebApp, WebServices } from "../web/context.ts";
import { createRoute, z } from "@hono/zod-openapi";

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

const score = z.object({
  method: z.enum(METHODS),
  trials: z.int(),
  mean_error_cents: z.int(),
  mean_error_micros: z.int(),
  mean_relative_error: z.number().nullable().describe("0.1 is ten percent of what came"),
});

const answer = z.object({
  method: z.enum(METHODS).describe("the one in use"),
  method_reason: z.string(),
  cycles: z.int().describe("finished cycles that were tried"),
  scores: z.array(score),
  by_day: z.array(z.object({ day_of_cycle: z.int(), scores: z.array(score) })),
});

const route = createRoute({
  method: "get",
  path: "/api/scorecard",
  summary: "How far past projections were off, by method and day of the cycle",
  responses: { 200: { description: "Mean errors", content: { "application/json": { schema: answer } } } },
});

/** GET /api/scorecard */
export function scorecardRoute(app: WebApp, { reports }: WebServices): void {
  app.openapi(route, (context) => context.json(scorecardJson(reports.scorecard(), reports.method()), 200));
}
