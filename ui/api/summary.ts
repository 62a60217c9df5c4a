import { COST_BASES } from "../../domain/capture/usage.ts";
import { SPEND_METRICS, type SpendMetric } from "../../domain/config.ts";
import { toCents } from "../../domain/money.ts";
import { METHODS, PROJECTION_STATUSES } from "../../domain/projection/projection.ts";
import type { RunOut } from "../../domain/projection/run_out.ts";
import type { MethodChoice } from "../../domain/projection/scorecard.ts";
import type { PriceAnomaly, SpendAnomaly } from "../../domain/report/anomalies.ts";
import type { PoolStanding, Standing, Today } from "../../domain/report/standing.ts";
import type { WebApp, WebServices } from "../web/context.ts";
import { answerOf, jsonOf, routeOf } from "./answer.ts";
import { askedCycle, cycleQuery, money, refusals } from "./schemas.ts";
import { z } from "zod";

/** What is told of a cycle; without figures everything is unknown. */
interface Told {
  readonly standing: Standing | null;
  readonly metric: SpendMetric;
  readonly choice: MethodChoice;
}

const moment = z.iso.datetime().nullable();
const outlook = z.enum(["at", "gone", "lasts", "unknown"]).describe("at: used up at the moment told beside");

const projection = answerOf<{ projected: Standing["projection"] | null; choice: MethodChoice }>()({
  method: [z.enum(METHODS), ({ projected, choice }) => projected?.method ?? choice.method],
  method_reason: [z.string(), ({ choice }) => choice.reason],
  projected_cents: [money, ({ projected }) => toCents(projected?.projected ?? null)],
  projected_micros: [money, ({ projected }) => projected?.projected ?? null],
  linear_cents: [money, ({ projected }) => toCents(projected?.linear ?? null)],
  linear_micros: [money, ({ projected }) => projected?.linear ?? null],
  ewma_cents: [money, ({ projected }) => toCents(projected?.ewma ?? null)],
  ewma_micros: [money, ({ projected }) => projected?.ewma ?? null],
  low_cents: [
    money.describe("eight of ten cycles end between low and high"),
    ({ projected }) => toCents(projected?.low ?? null),
  ],
  low_micros: [money, ({ projected }) => projected?.low ?? null],
  high_cents: [money, ({ projected }) => toCents(projected?.high ?? null)],
  high_micros: [money, ({ projected }) => projected?.high ?? null],
  per_day_cents: [money, ({ projected }) => toCents(projected?.perDay ?? null)],
  per_day_micros: [money, ({ projected }) => projected?.perDay ?? null],
  budget_run_out: [moment, ({ projected }) => momentOf(projected?.budgetRunOut)],
  budget_outlook: [outlook, ({ projected }) => projected?.budgetRunOut.kind ?? "unknown"],
});

const today = answerOf<Today>()({
  date: [z.iso.date(), ({ date }) => date.toString()],
  spend_cents: [money, ({ spend }) => toCents(spend)],
  spend_micros: [money, ({ spend }) => spend],
  usual_day_cents: [money.describe("median of the last 28 days of use"), ({ usual }) => toCents(usual)],
  usual_day_micros: [money, ({ usual }) => usual],
});

const pool = answerOf<PoolStanding>()({
  name: [z.string(), ({ name }) => name],
  percent_used: [z.number().nullable(), ({ percentUsed }) => percentUsed],
  used_cents: [money, ({ used }) => toCents(used)],
  projected_run_out: [moment, ({ runOut }) => momentOf(runOut)],
  outlook: [outlook, ({ runOut }) => runOut.kind],
});

const anomaly = answerOf<SpendAnomaly | PriceAnomaly>()({
  kind: [z.enum(["day_spend", "model_spend", "unit_price"]), ({ kind }) => kind],
  date: [z.iso.date(), ({ date }) => date.toString()],
  model: [z.string().describe("the cause"), ({ cause }) => cause.model],
  share_of_day: [z.number(), ({ cause }) => cause.share],
  hour: [
    z.int().nullable().describe("local hour with the largest part of the spend; null where no events tell it"),
    ({ cause }) => cause.hour,
  ],
  value_micros: [z.int(), (odd) => odd.kind === "unit_price" ? odd.price : odd.spend],
  usual_micros: [z.int(), ({ usual }) => usual],
  score: [z.number().nullable().describe("robust z-score"), (odd) => odd.kind === "unit_price" ? null : odd.score],
  factor: [
    z.number().nullable().describe("of a price per 1,000 tokens"),
    (odd) => odd.kind === "unit_price" ? odd.factor : null,
  ],
});

const answer = answerOf<Told>()({
  cycle: [z.iso.date().nullable(), ({ standing }) => standing?.cycle.key.toString() ?? null],
  as_of: [
    moment.describe("the moment that the figures are told for"),
    ({ standing }) => standing?.asOf.toString({ smallestUnit: "second" }) ?? null,
  ],
  stale: [z.boolean(), ({ standing }) => standing?.isStale ?? true],
  spend_metric: [z.enum(SPEND_METRICS), ({ metric }) => metric],
  cost_basis: [
    z.enum(COST_BASES).describe("the weakest of cost_bases"),
    ({ standing }) => standing?.costBasis ?? "unknown",
  ],
  cost_bases: [z.array(z.enum(COST_BASES)), ({ standing }) => [...standing?.spend.bases ?? []]],
  spend_cents: [
    money.describe("null where a part of it is unknown"),
    ({ standing }) => toCents(standing?.total ?? null),
  ],
  spend_micros: [money, ({ standing }) => standing?.total ?? null],
  known_spend_cents: [
    money.describe("the part that is known"),
    ({ standing }) => toCents(standing?.spend.known ?? null),
  ],
  known_spend_micros: [money, ({ standing }) => standing?.spend.known ?? null],
  unknown_models: [
    z.array(z.string()).describe("models whose cost is unknown"),
    ({ standing }) => [...standing?.spend.unknownModels ?? []],
  ],
  budget_cents: [money, ({ standing }) => toCents(standing?.budget?.amount ?? null)],
  budget_micros: [money, ({ standing }) => standing?.budget?.amount ?? null],
  projection: [
    projection.schema,
    ({ standing, choice }) => projection.json({ projected: standing?.projection ?? null, choice }),
  ],
  status: [z.enum(PROJECTION_STATUSES), ({ standing }) => standing?.projection.status ?? "unknown"],
  today: [today.schema.nullable(), ({ standing }) => standing?.today ? today.json(standing.today) : null],
  pools: [z.array(pool.schema), ({ standing }) => (standing?.pools ?? []).map(pool.json)],
  anomalies: [z.array(anomaly.schema), ({ standing }) => (standing?.anomalies ?? []).map(anomaly.json)],
});

/** The summary of a cycle, the same for /api/summary and `status --json`. */
export const summaryJson = answer.json;

function momentOf(runOut: RunOut | undefined): string | null {
  return runOut?.kind === "at" ? runOut.at.toString({ smallestUnit: "second" }) : null;
}

const route = routeOf({
  method: "get",
  path: "/api/summary",
  summary: "Spend to date, where it will end, and how that stands to the budget",
  request: { query: cycleQuery },
  responses: { 200: jsonOf("Nulls where unknown", answer.schema), ...refusals },
});

/** GET /api/summary */
export function summaryRoute(app: WebApp, services: WebServices): void {
  const { reports, config } = services;
  app.openapi(route, (context) => {
    const standing = reports.standing(askedCycle(services, context.req.valid("query").cycle));
    return context.json(summaryJson({ standing, metric: config.spendMetric, choice: reports.method() }), 200);
  });
}
