import type { TokenCounts } from "../../domain/capture/usage.ts";
import { costOf } from "../../domain/history/figures.ts";
import { toCents } from "../../domain/money.ts";
import type { WebApp, WebServices } from "../web/context.ts";
import { HttpProblem } from "../web/problem.ts";
import { askedCycle, cycleQuery, date, money, refusals, tokens } from "./schemas.ts";
import { createRoute, z } from "@hono/zod-openapi";

/** Token counts as every answer has them. */
export function tokensJson(counts: TokenCounts) {
  return {
    input_with_cache_write: counts.inputWithCacheWrite,
    input_without_cache_write: counts.inputWithoutCacheWrite,
    cache_read: counts.cacheRead,
    output: counts.output,
    total: counts.total,
  };
}

const day = z.object({
  date: z.iso.date(),
  spend_cents: money,
  spend_micros: money,
  estimated: z.boolean().describe("a share of a gap over several days"),
  tokens,
});

const route = createRoute({
  method: "get",
  path: "/api/daily",
  summary: "Spend and tokens by day",
  request: {
    query: cycleQuery.extend({
      from: date.optional().openapi({ description: "First day; without a cycle, of all of history" }),
      to: date.optional().openapi({ description: "Last day, included" }),
    }),
  },
  responses: {
    200: {
      description: "Each day that is known, free ones as zero; unknown costs are null",
      content: { "application/json": { schema: z.object({ days: z.array(day) }) } },
    },
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
    return context.json({
      days: days.map((each) => {
        const spend = costOf(each, config.spendMetric);
        return {
          date: each.date.toString(),
          spend_cents: toCents(spend),
          spend_micros: spend,
          estimated: each.estimated,
          tokens: tokensJson(each.tokens),
        };
      }),
    }, 200);
  });
}
