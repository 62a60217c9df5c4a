import { createRoute, z } from "@hono/zod-openapi";
import { EXCLUSIONS } from "../../../domain/billing/billable.ts";
import { type BillingData, readBilling } from "../../billing/billing_data.ts";
import { matrixJson, modelsJson, monthsJson, summaryJson, usersJson } from "../../billing/billing_json.ts";
import type { Services } from "../../services.ts";
import type { WebApp } from "../app.tsx";

const money = z.int();
const unknownMoney = money.nullable();
const month = z.string().describe("such as 2026-01");
const shares = z.array(z.object({ month, micros: money, cents: money }));

const summary = z.object({
  total_micros: money,
  total_cents: money,
  current_month_micros: unknownMoney.describe("null where the calendar month that goes on was not fetched"),
  current_month_cents: unknownMoney,
  months_analyzed: z.int(),
  costliest_model: z.string().nullable(),
  top_user: z.string().nullable(),
  excluded: z.array(z.object({
    reason: z.enum(Object.keys(EXCLUSIONS)),
    events: z.int(),
    micros: unknownMoney.describe("null where nobody knows the amount"),
    cents: unknownMoney,
  })).describe("what was fetched but is not billed"),
});

const months = z.object({
  months: z.array(z.object({
    month,
    total_micros: money,
    total_cents: money,
    delta_micros: unknownMoney.describe("against the month before; null where that was not fetched"),
    delta_cents: unknownMoney,
    growth_ratio: z.number().nullable().describe("0.25 is 25 % more"),
    events: z.int().describe("billed ones"),
    complete: z.boolean().describe("it cannot change any more"),
  })),
});

const users = z.object({
  users: z.array(z.object({
    user: z.string(),
    total_micros: money,
    total_cents: money,
    requests: z.int(),
    avg_micros: unknownMoney.describe("per request"),
    avg_cents: unknownMoney,
    top_model: z.string().nullable().describe("the one with the most requests"),
    months: shares,
  })),
});

const models = z.object({
  models: z.array(z.object({
    model: z.string(),
    total_micros: money,
    total_cents: money,
    requests: z.int(),
    tokens: z.int(),
    avg_micros: unknownMoney.describe("per request"),
    avg_cents: unknownMoney,
    users: z.int().describe("how many different ones"),
    months: shares,
  })),
});

const matrix = z.object({
  rows: z.array(
    z.object({ month, model: z.string(), micros: money, cents: money, tokens: z.int(), requests: z.int() }),
  ),
});

const filters = z.object({
  month: z.string().regex(/^\d{4}-(?:0[1-9]|1[0-2])$/, "must be a month such as 2026-01").optional(),
  user: z.string().min(1).optional(),
  model: z.string().min(1).optional(),
});

/** One GET route that takes the filters. */
function billingRoute<Answer extends z.ZodType>(path: string, { title, answer }: { title: string; answer: Answer }) {
  return createRoute({
    method: "get",
    path: `/api/billing/${path}`,
    summary: title,
    request: { query: filters },
    responses: {
      200: {
        description: "Of the filter's month, user and model",
        content: { "application/json": { schema: answer } },
      },
    },
  });
}

const summaryRoute = billingRoute("summary", { title: "What the team was billed on demand", answer: summary });
const monthsRoute = billingRoute("months", { title: "The trend, oldest month first", answer: months });
const usersRoute = billingRoute("users", { title: "Users, top spender first", answer: users });
const modelsRoute = billingRoute("models", { title: "Models, the costliest first", answer: models });
const matrixRoute = billingRoute("matrix", { title: "Month × model", answer: matrix });

/** GET /api/billing/… */
export function billingRoutes(app: WebApp, services: Services): void {
  const read = (query: z.output<typeof filters>): BillingData => readBilling(services, query);
  app.openapi(summaryRoute, (context) => context.json(summaryJson(read(context.req.valid("query"))), 200));
  app.openapi(monthsRoute, (context) => context.json(monthsJson(read(context.req.valid("query"))), 200));
  app.openapi(usersRoute, (context) => context.json(usersJson(read(context.req.valid("query"))), 200));
  app.openapi(modelsRoute, (context) => context.json(modelsJson(read(context.req.valid("query"))), 200));
  app.openapi(matrixRoute, (context) => context.json(matrixJson(read(context.req.valid("query"))), 200));
}
