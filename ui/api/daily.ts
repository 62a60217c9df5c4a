import { costOf } from "../../domain/history/figures.ts";
import type { Day } from "../../domain/history/days.ts";
import { type Micros, toCents } from "../../domain/money.ts";
import type { WebApp, WebServices } from "../web/context.ts";
import { HttpProblem } from "../web/problem.ts";
import { answerOf, jsonOf, routeOf } from "./answer.ts";
import { askedCycle, cycleQuery, date, money, refusals, tokens } from "./schemas.ts";
import { z } from "zod";

const day = answerOf<Day & { spend: Micros | null }>()({
  date: [z.iso.date(), ({ date }) => date.toString()],
  spend_cents: [money, ({ spend }) => toCents(spend)],
  spend_micros: [money, ({ spend }) => spend],
  estimated: [z.boolean().describe("a share of a gap over several days"), ({ estimated }) => estimated],
  tokens: [tokens.schema, (each) => tokens.json(each.tokens)],
});

const route = routeOf({
  method: "get",
  path: "/api/daily",
  summary: "Spend and tokens by day",
  request: {
    query: cycleQuery.extend({
      from: date.optional().meta({ description: "First day; without a cycle, of all of history" }),
      to: date.optional().meta({ description: "Last day, included" }),
    }),
  },
  responses: {
    200: jsonOf(
      "Each day that is known, free ones as zero; unknown costs are null",
      z.object({ days: z.array(day.schema) }),
    ),
    ...refusals,
  },
});

/** GET /api/daily */
export function dailyRoute(app: WebApp, services: WebServices): void {
  const { reports, config } = services;
  app.openapi(route, (context) => {
    const { cycle: key, from, to } = context.req.valid("query");
    if (from !== undefined && to !== undefined && Temporal.PlainDate.compare(from, to) > 0) {
      const detail = `'from' must not be after 'to': current values are ${from} and ${to}`;
      throw new HttpProblem({ status: 400, title: "Bad request", detail });
    }
    const isRange = key === undefined && (from !== undefined || to !== undefined);
    const cycle = isRange ? null : askedCycle(services, key);
    const days = !isRange && cycle === null ? [] : reports.daily({
      ...(cycle === null ? {} : { cycle }),
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
    });
    const spent = days.map((each) => ({ ...each, spend: costOf(each, config.spendMetric) }));
    return context.json({ days: spent.map(day.json) }, 200);
  });
}
