import { toCents } from "../../domain/money.ts";
import { METHODS } from "../../domain/projection/projection.ts";
import type { MethodChoice, Score, Scorecard } from "../../domain/projection/scorecard.ts";
import type { WebApp, WebServices } from "../web/context.ts";
import { answerOf, jsonOf, routeOf } from "./answer.ts";
import { z } from "zod";

const score = answerOf<Score>()({
  method: [z.enum(METHODS), ({ method }) => method],
  trials: [z.int(), ({ trials }) => trials],
  mean_error_cents: [z.int(), ({ meanError }) => toCents(meanError)],
  mean_error_micros: [z.int(), ({ meanError }) => meanError],
  mean_relative_error: [
    z.number().nullable().describe("0.1 is ten percent of what came"),
    ({ meanRelativeError }) => meanRelativeError,
  ],
});

const day = answerOf<Scorecard["byDay"][number]>()({
  day_of_cycle: [z.int(), ({ dayOfCycle }) => dayOfCycle],
  scores: [z.array(score.schema), ({ scores }) => scores.map(score.json)],
});

const answer = answerOf<{ card: Scorecard; choice: MethodChoice }>()({
  method: [z.enum(METHODS).describe("the one in use"), ({ choice }) => choice.method],
  method_reason: [z.string(), ({ choice }) => choice.reason],
  cycles: [z.int().describe("finished cycles that were tried"), ({ card }) => card.cycles],
  scores: [z.array(score.schema), ({ card }) => card.scores.map(score.json)],
  by_day: [z.array(day.schema), ({ card }) => card.byDay.map(day.json)],
});

/** The scorecard, the same for /api/scorecard and `projection --scorecard --json`. */
export const scorecardJson = answer.json;

const route = routeOf({
  method: "get",
  path: "/api/scorecard",
  summary: "How far past projections were off, by method and day of the cycle",
  responses: { 200: jsonOf("Mean errors", answer.schema) },
});

/** GET /api/scorecard */
export function scorecardRoute(app: WebApp, { reports }: WebServices): void {
  app.openapi(route, (context) => {
    return context.json(scorecardJson({ card: reports.scorecard(), choice: reports.method() }), 200);
  });
}
