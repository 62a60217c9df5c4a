import { createRoute, z } from "@hono/zod-openapi";
import { cycleJson } from "../../cycle_json.ts";
import type { WebApp, WebServices } from "../app.tsx";
import { askedCycle, cycleQuery, refusals } from "../schemas.ts";

const days = z.number().nullable();
const answer = z.object({
  cycle: z.iso.date().nullable().describe("what ?cycle= asks for it by"),
  start: z.iso.date().nullable(),
  end: z.iso.date().nullable().describe("exclusive"),
  days_total: days,
  days_elapsed: days.describe("fractions included"),
  days_remaining: days,
  time_zone: z.string(),
  last_snapshot_at: z.iso.datetime().nullable().describe("when the figures last changed"),
  last_checked_at: z.iso.datetime().nullable().describe("when a scrape last saw them"),
  current: z.boolean(),
  stale: z.boolean(),
});

const route = createRoute({
  method: "get",
  path: "/api/cycle",
  summary: "A billing cycle",
  request: { query: cycleQuery },
  responses: {
    200: { description: "The cycle; nulls where unknown", content: { "application/json": { schema: answer } } },
    ...refusals,
  },
});

/** GET /api/cycle */
export function cycleRoute(app: WebApp, services: WebServices): void {
  const { stores, clock, config, reports } = services;
  app.openapi(route, (context) => {
    const cycle = askedCycle(services, context.req.valid("query").cycle);
    const last = cycle === null ? null : stores.usage.find(cycle.lastSnapshotId);
    const isCurrent = cycle !== null && reports.cycle()?.id === cycle.id;
    const { timeZone } = config;
    return context.json(cycleJson(cycle, { last, now: clock.now(), timeZone, isCurrent }), 200);
  });
}
