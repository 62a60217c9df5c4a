import {
  modelMatrix,
  type ModelMonth,
  type MonthlySpend,
  monthlySpend,
  type MonthShare,
} from "../../domain/billing/analytics/months.ts";
import { type ModelSpend, modelSpend, type UserSpend, userSpend } from "../../domain/billing/analytics/spend.ts";
import { EXCLUSIONS } from "../../domain/billing/billable.ts";
import { toCents } from "../../domain/money.ts";
import { type BillingData, readBilling, summaryOf } from "../billing/view.ts";
import type { Services } from "../services.ts";
import type { WebApp } from "../web/context.ts";
import { createRoute, z } from "@hono/zod-openapi";

/** The answers of /api/billing/…, which commands print too. */

/** GET /api/billing/summary; `billing report --json` prints the same. */
export function billingSummaryJson(data: BillingData) {
  const summary = summaryOf(data);
  return {
    total_micros: summary.total,
    total_cents: toCents(summary.total),
    current_month_micros: summary.currentMonth,
    current_month_cents: toCents(summary.currentMonth),
    months_analyzed: summary.monthsAnalyzed,
    costliest_model: summary.costliestModel,
    top_user: summary.topUser,
    excluded: summary.excluded.map(({ reason, events, micros }) => ({
      reason,
      events,
      micros,
      cents: toCents(micros),
    })),
  };
}

/** GET /api/billing/months */
export function monthsJson({ rowsOfAllMonths, allMonths, months }: BillingData) {
  const chosen = new Set(months.map(({ month }) => month));
  const spend = monthlySpend(rowsOfAllMonths, allMonths).filter(({ month }) => chosen.has(month));
  return { months: spend.map(monthJson) };
}

/** GET /api/billing/users */
export function usersJson({ rows, months }: BillingData) {
  return { users: userSpend(rows, months).map(userJson) };
}

/** GET /api/billing/models */
export function modelsJson({ rows, months }: BillingData) {
  return { models: modelSpend(rows, months).map(modelJson) };
}

/** GET /api/billing/matrix */
function matrixJson({ rows }: BillingData) {
  return { rows: modelMatrix(rows).map(cellJson) };
}

function monthJson({ month, total, change, events, isComplete }: MonthlySpend) {
  return {
    month,
    total_micros: total,
    total_cents: toCents(total),
    delta_micros: change?.delta ?? null,
    delta_cents: toCents(change?.delta ?? null),
    growth_ratio: change?.growthRatio ?? null,
    events,
    complete: isComplete,
  };
}

function userJson({ user, total, requests, average, topModel, months }: UserSpend) {
  return {
    user,
    total_micros: total,
    total_cents: toCents(total),
    requests,
    avg_micros: average,
    avg_cents: toCents(average),
    top_model: topModel,
    months: months.map(shareJson),
  };
}

function modelJson({ model, total, requests, tokens, average, users, months }: ModelSpend) {
  return {
    model,
    total_micros: total,
    total_cents: toCents(total),
    requests,
    tokens,
    avg_micros: average,
    avg_cents: toCents(average),
    users,
    months: months.map(shareJson),
  };
}

function shareJson({ month, micros }: MonthShare) {
  return { month, micros, cents: toCents(micros) };
}

function cellJson({ month, model, micros, tokens, requests }: ModelMonth) {
  return { month, model, micros, cents: toCents(micros), tokens, requests };
}

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
  app.openapi(summaryRoute, (context) => context.json(billingSummaryJson(read(context.req.valid("query"))), 200));
  app.openapi(monthsRoute, (context) => context.json(monthsJson(read(context.req.valid("query"))), 200));
  app.openapi(usersRoute, (context) => context.json(usersJson(read(context.req.valid("query"))), 200));
  app.openapi(modelsRoute, (context) => context.json(modelsJson(read(context.req.valid("query"))), 200));
  app.openapi(matrixRoute, (context) => context.json(matrixJson(read(context.req.valid("query"))), 200));
}
