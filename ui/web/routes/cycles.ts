import { createRoute, z } from "@hono/zod-openapi";
import { toCents } from "../../../domain/money.ts";
import type { CycleSpend } from "../../../domain/report/reports.ts";
import type { WebApp, WebServices } from "../app.tsx";
import { money } from "../schemas.ts";

const cycle = z.object({
  cycle: z.iso.date().describe("what ?cycle= asks for it by"),
  start: z.iso.date().nullable(),
  end: z.iso.date().nullable().describe("exclusive"),
  current: z.boolean(),
  spend_cents: money,
  spend_micros: money,
  budget_cents: money.describe("in force at the cycle's end, or now"),
  last_checked_at: z.iso.datetime(),
});

const route = createRoute({
  method: "get",
  path: "/api/cycles",
  summary: "All cycles that are known, newest first",
  responses: {
    200: {
      description: "Unknown costs are null",
      content: { "application/json": { schema: z.object({ cycles: z.array(cycle) }) } },
    },
  },
});

/** GET /api/cycles */
export function cyclesRoute(app: WebApp, { reports }: WebServices): void {
  app.openapi(route, (context) => context.json({ cycles: reports.cycles().map(cycleJson) }, 200));
}

function cycleJson({ cycle: { key, cycle }, last, isCurrent, spend, budget }: CycleSpend) {
  return {
    cycle: key.toString(),
    start: cycle.start?.toString() ?? null,
    end: cycle.end?.toString() ?? null,
    current: isCurrent,
    spend_cents: toCents(spend),
    spend_micros: spend,
    budget_cents: toCents(budget?.amount ?? null),
    last_checked_at: last.lastCheckedAt.toString(),
  };
}
