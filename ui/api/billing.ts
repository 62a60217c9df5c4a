import {
  modelMatrix,
  type ModelMonth,
  type MonthlySpend,
  monthlySpend,
  type MonthShare,
} from "../../domain/billing/analytics/months.ts";
import {
  type BillingSummary,
  type ModelSpend,
  modelSpend,
  type UserSpend,
  userSpend,
} from "../../domain/billing/analytics/spend.ts";
import { EXCLUSIONS } from "../../domain/billing/billable.ts";
import type { ExcludedSum } from "../../domain/billing/ledger.ts";
import { toCents } from "../../domain/money.ts";
import { type BillingData, readBilling, summaryOf } from "../billing/view.ts";
import type { Services } from "../services.ts";
import type { WebApp } from "../web/context.ts";
import { answerOf, jsonOf, routeOf } from "./answer.ts";
import { z } from "zod";

/** The answers of /api/billing/…, which commands print too. */

const money = z.int();
const unknownMoney = money.nullable();
const monthText = z.string().describe("such as 2026-01");

const exclusion = answerOf<ExcludedSum>()({
  reason: [z.enum(Object.keys(EXCLUSIONS)), ({ reason }) => reason],
  events: [z.int(), ({ events }) => events],
  micros: [unknownMoney.describe("null where nobody knows the amount"), ({ micros }) => micros],
  cents: [unknownMoney, ({ micros }) => toCents(micros)],
});

const summary = answerOf<BillingSummary>()({
  total_micros: [money, ({ total }) => total],
  total_cents: [money, ({ total }) => toCents(total)],
  current_month_micros: [
    unknownMoney.describe("null where the calendar month that goes on was not fetched"),
    ({ currentMonth }) => currentMonth,
  ],
  current_month_cents: [unknownMoney, ({ currentMonth }) => toCents(currentMonth)],
  months_analyzed: [z.int(), ({ monthsAnalyzed }) => monthsAnalyzed],
  costliest_model: [z.string().nullable(), ({ costliestModel }) => costliestModel],
  top_user: [z.string().nullable(), ({ topUser }) => topUser],
  excluded: [
    z.array(exclusion.schema).describe("what was fetched but is not billed"),
    ({ excluded }) => excluded.map(exclusion.json),
  ],
});

const month = answerOf<MonthlySpend>()({
  month: [monthText, ({ month }) => month],
  total_micros: [money, ({ total }) => total],
  total_cents: [money, ({ total }) => toCents(total)],
  delta_micros: [
    unknownMoney.describe("against the month before; null where that was not fetched"),
    ({ change }) => change?.delta ?? null,
  ],
  delta_cents: [unknownMoney, ({ change }) => toCents(change?.delta ?? null)],
  growth_ratio: [z.number().nullable().describe("0.25 is 25 % more"), ({ change }) => change?.growthRatio ?? null],
  events: [z.int().describe("billed ones"), ({ events }) => events],
  complete: [z.boolean().describe("it cannot change any more"), ({ isComplete }) => isComplete],
});

const share = answerOf<MonthShare>()({
  month: [monthText, ({ month }) => month],
  micros: [money, ({ micros }) => micros],
  cents: [money, ({ micros }) => toCents(micros)],
});

const user = answerOf<UserSpend>()({
  user: [z.string(), ({ user }) => user],
  total_micros: [money, ({ total }) => total],
  total_cents: [money, ({ total }) => toCents(total)],
  requests: [z.int(), ({ requests }) => requests],
  avg_micros: [unknownMoney.describe("per request"), ({ average }) => average],
  avg_cents: [unknownMoney, ({ average }) => toCents(average)],
  top_model: [z.string().nullable().describe("the one with the most requests"), ({ topModel }) => topModel],
  months: [z.array(share.schema), ({ months }) => months.map(share.json)],
});

const model = answerOf<ModelSpend>()({
  model: [z.string(), ({ model }) => model],
  total_micros: [money, ({ total }) => total],
  total_cents: [money, ({ total }) => toCents(total)],
  requests: [z.int(), ({ requests }) => requests],
  tokens: [z.int(), ({ tokens }) => tokens],
  avg_micros: [unknownMoney.describe("per request"), ({ average }) => average],
  avg_cents: [unknownMoney, ({ average }) => toCents(average)],
  users: [z.int().describe("how many different ones"), ({ users }) => users],
  months: [z.array(share.schema), ({ months }) => months.map(share.json)],
});

const cell = answerOf<ModelMonth>()({
  month: [monthText, ({ month }) => month],
  model: [z.string(), ({ model }) => model],
  micros: [money, ({ micros }) => micros],
  cents: [money, ({ micros }) => toCents(micros)],
  tokens: [z.int(), ({ tokens }) => tokens],
  requests: [z.int(), ({ requests }) => requests],
});

const months = answerOf<BillingData>()({
  months: [z.array(month.schema), ({ rowsOfAllMonths, allMonths, months }) => {
    const chosen = new Set(months.map(({ month }) => month));
    return monthlySpend(rowsOfAllMonths, allMonths).filter(({ month }) => chosen.has(month)).map(month.json);
  }],
});
const users = answerOf<BillingData>()({
  users: [z.array(user.schema), ({ rows, months }) => userSpend(rows, months).map(user.json)],
});
const models = answerOf<BillingData>()({
  models: [z.array(model.schema), ({ rows, months }) => modelSpend(rows, months).map(model.json)],
});
const matrix = answerOf<BillingData>()({
  rows: [z.array(cell.schema), ({ rows }) => modelMatrix(rows).map(cell.json)],
});

export const monthsJson = months.json;
export const usersJson = users.json;
export const modelsJson = models.json;

/** GET /api/billing/summary; `billing report --json` prints the same. */
export function billingSummaryJson(data: BillingData) {
  return summary.json(summaryOf(data));
}

const filters = z.object({
  month: z.string().regex(/^\d{4}-(?:0[1-9]|1[0-2])$/, "must be a month such as 2026-01").optional(),
  user: z.string().min(1).optional(),
  model: z.string().min(1).optional(),
});

/** One GET route that takes the filters. */
function billingRoute<Schema extends z.ZodType>(path: string, { title, schema }: { title: string; schema: Schema }) {
  return routeOf({
    method: "get",
    path: `/api/billing/${path}`,
    summary: title,
    request: { query: filters },
    responses: { 200: jsonOf("Of the filter's month, user and model", schema) },
  });
}

const summaryRoute = billingRoute("summary", { title: "What the team was billed on demand", schema: summary.schema });
const monthsRoute = billingRoute("months", { title: "The trend, oldest month first", schema: months.schema });
const usersRoute = billingRoute("users", { title: "Users, top spender first", schema: users.schema });
const modelsRoute = billingRoute("models", { title: "Models, the costliest first", schema: models.schema });
const matrixRoute = billingRoute("matrix", { title: "Month × model", schema: matrix.schema });

/** GET /api/billing/… */
export function billingRoutes(app: WebApp, services: Services): void {
  const read = (query: z.output<typeof filters>): BillingData => readBilling(services, query);
  app.openapi(summaryRoute, (context) => context.json(billingSummaryJson(read(context.req.valid("query"))), 200));
  app.openapi(monthsRoute, (context) => context.json(monthsJson(read(context.req.valid("query"))), 200));
  app.openapi(usersRoute, (context) => context.json(usersJson(read(context.req.valid("query"))), 200));
  app.openapi(modelsRoute, (context) => context.json(modelsJson(read(context.req.valid("query"))), 200));
  app.openapi(matrixRoute, (context) => context.json(matrix.json(read(context.req.valid("query"))), 200));
}
