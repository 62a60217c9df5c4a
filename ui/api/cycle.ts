import { isStale, type Snapshot } from "../../domain/capture/usage.ts";
import { cycleProgress, UNKNOWN_CYCLE } from "../../domain/cycle.ts";
import type { StoredCycle } from "../../domain/history/stored_cycle.ts";
import { toCents } from "../../domain/money.ts";
import type { CycleSpend } from "../../domain/report/reports.ts";
import type { WebApp, WebServices } from "../web/context.ts";
import { askedCycle, cycleQuery, money, refusals } from "./schemas.ts";
import { createRoute, z } from "@hono/zod-openapi";

/** A cycle as commands and the API show it; nulls where unknown. A cycle that is over stands at its end. */
function cycleJson(
  cycle: StoredCycle | null,
  { last, now, timeZone, isCurrent }: {
    last: Snapshot | null;
    now: Temporal.Instant;
    timeZone: string;
    isCurrent: boolean;
  },
) {
  const bounds = cycle?.cycle ?? UNKNOWN_CYCLE;
  const progress = cycleProgress(bounds, now);
  return {
    cycle: cycle?.key.toString() ?? null,
    start: bounds.start?.toString() ?? null,
    end: bounds.end?.toString() ?? null,
    days_total: rounded(progress.daysTotal),
    days_elapsed: rounded(progress.daysElapsed),
    days_remaining: rounded(progress.daysRemaining),
    time_zone: timeZone,
    last_snapshot_at: last?.capturedAt.toString() ?? null,
    last_checked_at: last?.lastCheckedAt.toString() ?? null,
    current: isCurrent,
    stale: last === null || (isCurrent && isStale({ lastCheckedAt: last.lastCheckedAt, cycle: bounds }, now)),
  };
}

function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value * 10_000) / 10_000;
}

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

const listRoute = createRoute({
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
  app.openapi(listRoute, (context) => context.json({ cycles: reports.cycles().map(storedCycleJson) }, 200));
}

function storedCycleJson({ cycle: { key, cycle }, last, isCurrent, spend, budget }: CycleSpend) {
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
