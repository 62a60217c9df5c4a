import { createRoute, z } from "@hono/zod-openapi";
import { SPEND_METRICS } from "../../../domain/config.ts";
import { METHODS } from "../../../domain/projection/project.ts";
import { PROJECTION_STATUSES } from "../../../domain/projection/status.ts";
import { COST_BASES } from "../../../domain/usage.ts";
import { summaryJson } from "../../summary_json.ts";
import type { WebApp, WebServices } from "../app.tsx";
import { askedCycle, cycleQuery, money, refusals } from "../schemas.ts";

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
