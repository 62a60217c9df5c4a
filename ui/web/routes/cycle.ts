import { createRoute, z } from "@hono/zod-openapi";
import { cycleProgress, UNKNOWN_CYCLE } from "../../../domain/cycle.ts";
import { isStale } from "../../../domain/freshness.ts";
import type { Services } from "../../services.ts";
import type { WebApp } from "../app.tsx";

const days = z.number().nullable();
const answer = z.object({
  start: z.iso.date().nullable(),
  end: z.iso.date().nullable().describe("exclusive"),
  days_total: days,
  days_elapsed: days.describe("fractions included"),
  days_remaining: days,
  time_zone: z.string(),
  last_snapshot_at: z.iso.datetime().nullable().describe("when the figures last changed"),
  last_checked_at: z.iso.datetime().nullable().describe("when a scrape last saw them"),
  stale: z.boolean(),
});

const route = createRoute({
  method: "get",
  path: "/api/cycle",
  summary: "The billing cycle of the newest figures",
  responses: {
    200: { description: "The cycle; nulls where unknown", content: { "application/json": { schema: answer } } },
  },
});

/** GET /api/cycle */
export function cycleRoute(app: WebApp, { stores, clock, config }: Services): void {
  app.openapi(route, (context) => {
    const now = clock.now();
    const snapshot = stores.usage.latest();
    const cycle = snapshot?.cycle ?? UNKNOWN_CYCLE;
    const progress = cycleProgress(cycle, now);
    return context.json({
      start: cycle.start?.toString() ?? null,
      end: cycle.end?.toString() ?? null,
      days_total: rounded(progress.daysTotal),
      days_elapsed: rounded(progress.daysElapsed),
      days_remaining: rounded(progress.daysRemaining),
      time_zone: config.timeZone,
      last_snapshot_at: snapshot?.capturedAt.toString() ?? null,
      last_checked_at: snapshot?.lastCheckedAt.toString() ?? null,
      stale: snapshot === null || isStale(snapshot, now),
    }, 200);
  });
}

function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value * 10_000) / 10_000;
}
