import { COST_BASES } from "../../domain/capture/usage.ts";
import { SPEND_METRICS, type SpendMetric } from "../../domain/config.ts";
import { type Micros, toCents } from "../../domain/money.ts";
import { METHODS, PROJECTION_STATUSES } from "../../domain/projection/projection.ts";
import type { RunOut } from "../../domain/projection/run_out.ts";
import type { MethodChoice } from "../../domain/projection/scorecard.ts";
import type { PriceAnomaly, SpendAnomaly } from "../../domain/report/anomalies.ts";
import type { PoolStanding, Standing, Today } from "../../domain/report/standing.ts";
import type { WebApp, WebServices } from "../web/context.ts";
import { askedCycle, cycleQuery, money, refusals } from "./schemas.ts";
import { createRoute, z } from "@hono/zod-openapi";

/** The summary of a cycle, the same for /api/summary and `status --json`. Without figures everything is unknown. */
export function summaryJson(
  standing: Standing | null,
  { metric, choice }: { metric: SpendMetric; choice: MethodChoice },
) {
  const projection = standing?.projection ?? null;
  return {
    cycle: standing?.cycle.key.toString() ?? null,
    as_of: standing?.asOf.toString({ smallestUnit: "second" }) ?? null,
    stale: standing?.isStale ?? true,
    spend_metric: metric,
    cost_basis: standing?.costBasis ?? "unknown" as const,
    cost_bases: [...standing?.spend.bases ?? []],
    spend_cents: toCents(standing?.total ?? null),
    spend_micros: standing?.total ?? null,
    known_spend_cents: toCents(standing?.spend.known ?? null),
    known_spend_micros: standing?.spend.known ?? null,
    unknown_models: [...standing?.spend.unknownModels ?? []],
    budget_cents: toCents(standing?.budget?.amount ?? null),
    budget_micros: standing?.budget?.amount ?? null,
    projection: {
      method: projection?.method ?? choice.method,
      method_reason: choice.reason,
      ...amount("projected", projection?.projected),
      ...amount("linear", projection?.linear),
      ...amount("ewma", projection?.ewma),
      ...amount("low", projection?.low),
      ...amount("high", projection?.high),
      ...amount("per_day", projection?.perDay),
      budget_run_out: momentOf(projection?.budgetRunOut),
      budget_outlook: projection?.budgetRunOut.kind ?? "unknown" as const,
    },
    status: projection?.status ?? "unknown" as const,
    today: todayJson(standing?.today ?? null),
    pools: (standing?.pools ?? []).map(poolJson),
    anomalies: (standing?.anomalies ?? []).map(anomalyJson),
  };
}

function todayJson(today: Today | null) {
  if (today === null) return null;
  return { date: today.date.toString(), ...amount("spend", today.spend), ...amount("usual_day", today.usual) };
}

function poolJson({ name, percentUsed, used, runOut }: PoolStanding) {
  return {
    name,
    percent_used: percentUsed,
    used_cents: toCents(used),
    projected_run_out: momentOf(runOut),
    outlook: runOut.kind,
  };
}

function anomalyJson(anomaly: SpendAnomaly | PriceAnomaly) {
  const { kind, date, cause } = anomaly;
  const isPrice = anomaly.kind === "unit_price";
  return {
    kind,
    date: date.toString(),
    model: cause.model,
    share_of_day: cause.share,
    hour: cause.hour,
    value_micros: isPrice ? anomaly.price : anomaly.spend,
    usual_micros: anomaly.usual,
    score: isPrice ? null : anomaly.score,
    factor: isPrice ? anomaly.factor : null,
  };
}

/** An amount as cents and as micro-dollars. */
function amount<Name extends string>(name: Name, amount: Micros | null | undefined) {
  const known = amount ?? null;
  return { [`${name}_cents`]: toCents(known), [`${name}_micros`]: known } as
    & Record<`${Name}_cents`, number | null>
    & Record<`${Name}_micros`, number | null>;
}

function momentOf(runOut: RunOut | undefined): string | null {
  return runOut?.kind === "at" ? runOut.at.toString({ smallestUnit: "second" }) : null;
}

const moment = z.iso.datetime().nullable();
const outlook = z.enum(["at", "gone", "lasts", "unknown"]).describe("at: used up at the moment told beside");

const projection = z.object({
  method: z.enum(METHODS),
  method_reason: z.string(),
  projected_cents: money,
  projected_micros: money,
  linear_cents: money,
  linear_micros: money,
  ewma_cents: money,
  ewma_micros: money,
  low_cents: money.describe("eight of ten cycles end between low and high"),
  low_micros: money,
  high_cents: money,
  high_micros: money,
  per_day_cents: money,
  per_day_micros: money,
  budget_run_out: moment,
  budget_outlook: outlook,
});

const answer = z.object({
  cycle: z.iso.date().nullable(),
  as_of: moment.describe("the moment that the figures are told for"),
  stale: z.boolean(),
  spend_metric: z.enum(SPEND_METRICS),
  cost_basis: z.enum(COST_BASES).describe("the weakest of cost_bases"),
  cost_bases: z.array(z.enum(COST_BASES)),
  spend_cents: money.describe("null where a part of it is unknown"),
  spend_micros: money,
  known_spend_cents: money.describe("the part that is known"),
  known_spend_micros: money,
  unknown_models: z.array(z.string()).describe("models whose cost is unknown"),
  budget_cents: money,
  budget_micros: money,
  projection,
  status: z.enum(PROJECTION_STATUSES),
  today: z.object({
    date: z.iso.date(),
    spend_cents: money,
    spend_micros: money,
    usual_day_cents: money.describe("median of the last 28 days of use"),
    usual_day_micros: money,
  }).nullable(),
  pools: z.array(z.object({
    name: z.string(),
    percent_used: z.number().nullable(),
    used_cents: money,
    projected_run_out: moment,
    outlook,
  })),
  anomalies: z.array(z.object({
    kind: z.enum(["day_spend", "model_spend", "unit_price"]),
    date: z.iso.date(),
    model: z.string().describe("the cause"),
    share_of_day: z.number(),
    hour: z.int().nullable().describe("local hour with the largest part of the spend; null where no events tell it"),
    value_micros: z.int(),
    usual_micros: z.int(),
    score: z.number().nullable().describe("robust z-score"),
    factor: z.number().nullable().describe("of a price per 1,000 tokens"),
  })),
});

const route = createRoute({
  method: "get",
  path: "/api/summary",
  summary: "Spend to date, where it will end, and how that stands to the budget",
  request: { query: cycleQuery },
  responses: {
    200: { description: "Nulls where unknown", content: { "application/json": { schema: answer } } },
    ...refusals,
  },
});

/** GET /api/summary */
export function summaryRoute(app: WebApp, services: WebServices): void {
  const { reports, config } = services;
  app.openapi(route, (context) => {
    const standing = reports.standing(askedCycle(services, context.req.valid("query").cycle));
    return context.json(summaryJson(standing, { metric: config.spendMetric, choice: reports.method() }), 200);
  });
}
