import { TrackerError } from "../../domain/errors.ts";
import { type Micros, toCents } from "../../domain/money.ts";
import { type Budget, budgetFromCents } from "../../domain/report/budget.ts";
import { setBudget } from "../../jobs/actions/set_budget.ts";
import type { WebApp, WebServices } from "../web/context.ts";
import { HttpProblem } from "../web/problem.ts";
import { answerOf, jsonOf, routeOf } from "./answer.ts";
import { money } from "./schemas.ts";
import type { MiddlewareHandler } from "@hono/hono";
import { z } from "zod";

const budget = answerOf<Budget>()({
  effective_budget_cents: [z.int(), ({ amount }) => toCents(amount)],
  created_at: [z.iso.datetime(), ({ setAt }) => setAt.toString()],
});

const all = answerOf<readonly Budget[]>()({
  effective_budget_cents: [money, ([newest]) => toCents(newest?.amount ?? null)],
  budgets: [z.array(budget.schema), (budgets) => budgets.map(budget.json)],
});

/** A budget, the same for POST /api/budget and `budget set --json`. */
export const budgetJson = budget.json;

/** All budgets, newest first, and the one in force; the same for GET /api/budget and `budget show --json`. */
export const budgetsJson = all.json;

const readRoute = routeOf({
  method: "get",
  path: "/api/budget",
  summary: "The budget in force, and all that were set, newest first",
  responses: {
    200: jsonOf("Null where none was set", all.schema),
  },
});

const writeRoute = routeOf({
  method: "post",
  path: "/api/budget",
  summary: "Set the budget of this cycle and the next ones; needs the login",
  middleware: [jsonOnly()] as const,
  request: {
    body: {
      required: true,
      content: {
        "application/json": {
          schema: z.object({
            effective_budget_cents: z.number().describe("whole cents from 0 to 100,000,000").meta({ example: 2000 }),
          }),
        },
      },
    },
  },
  responses: {
    201: jsonOf("Set", budget.schema),
    400: { description: "The body is no JSON" },
    401: { description: "The login is missing or wrong" },
    403: { description: "No login is configured, or the request comes from another site" },
    413: { description: "The body is too long" },
    415: { description: "The body is not sent as application/json" },
    422: { description: "The budget is not whole cents from 0 to 100,000,000" },
  },
});

/** GET and POST /api/budget */
export function budgetRoutes(app: WebApp, services: WebServices): void {
  app.openapi(readRoute, (context) => context.json(budgetsJson(services.stores.budgets.list()), 200));
  app.openapi(writeRoute, (context) => {
    const amount = checkedBudget(context.req.valid("json").effective_budget_cents);
    return context.json(budgetJson(setBudget(services, amount)), 201);
  });
}

function checkedBudget(cents: number): Micros {
  try {
    return budgetFromCents(cents);
  } catch (error) {
    if (!(error instanceof TrackerError)) throw error;
    throw new HttpProblem({ status: 422, title: "Unprocessable content", detail: error.message });
  }
}

function jsonOnly(): MiddlewareHandler {
  return async function refuseOtherTypes(context, next) {
    const type = context.req.header("content-type") ?? "";
    if (/^application\/json\s*(;|$)/i.test(type)) return await next();
    throw new HttpProblem({
      status: 415,
      title: "Unsupported media type",
      detail: `The body must be sent as application/json: current value is "${type}"`,
    });
  };
}
