import { isStale, type Snapshot } from "../../domain/capture/usage.ts";
import { cycleProgress, UNKNOWN_CYCLE } from "../../domain/cycle.ts";
import type { StoredCycle } from "../../domain/history/stored_cycle.ts";
import { toCents } from "../../domain/money.ts";
import type { CycleSpend } from "../../domain/report/reports.ts";
import type { WebApp, WebServices } from "../web/context.ts";
import { answerOf, jsonOf, routeOf } from "./answer.ts";
import { askedCycle, cycleQuery, money, refusals } from "./schemas.ts";
import { z } from "zod";

/** A cycle at a moment; null where there is none yet. A cycle that is over stands at its end. */
interface CycleMoment {
  readonly cycle: StoredCycle | null;
  readonly last: Snapshot | null;
  readonly now: Temporal.Instant;
  readonly timeZone: string;
  readonly isCurrent: boolean;
}

const days = z.number().nullable();
const answer = answerOf<CycleMoment>()({
  cycle: [
    z.iso.date().nullable().describe("what ?cycle= asks for it by"),
    ({ cycle }) => cycle?.key.toString() ?? null,
  ],
  start: [z.iso.date().nullable(), (moment) => boundsOf(moment).start?.toString() ?? null],
  end: [z.iso.date().nullable().describe("exclusive"), (moment) => boundsOf(moment).end?.toString() ?? null],
  days_total: [days, (moment) => rounded(progressOf(moment).daysTotal)],
  days_elapsed: [days.describe("fractions included"), (moment) => rounded(progressOf(moment).daysElapsed)],
  days_remaining: [days, (moment) => rounded(progressOf(moment).daysRemaining)],
  time_zone: [z.string(), ({ timeZone }) => timeZone],
  last_snapshot_at: [
    z.iso.datetime().nullable().describe("when the figures last changed"),
    ({ last }) => last?.capturedAt.toString() ?? null,
  ],
  last_checked_at: [
    z.iso.datetime().nullable().describe("when a scrape last saw them"),
    ({ last }) => last?.lastCheckedAt.toString() ?? null,
  ],
  current: [z.boolean(), ({ isCurrent }) => isCurrent],
  stale: [z.boolean(), (moment) => {
    const { last, now, isCurrent } = moment;
    return last === null || (isCurrent && isStale({ lastCheckedAt: last.lastCheckedAt, cycle: boundsOf(moment) }, now));
  }],
});

function boundsOf({ cycle }: CycleMoment) {
  return cycle?.cycle ?? UNKNOWN_CYCLE;
}

function progressOf(moment: CycleMoment) {
  return cycleProgress(boundsOf(moment), moment.now);
}

function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value * 10_000) / 10_000;
}

const route = routeOf({
  method: "get",
  path: "/api/cycle",
  summary: "A billing cycle",
  request: { query: cycleQuery },
  responses: {
    200: jsonOf("The cycle; nulls where unknown", answer.schema),
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
    return context.json(answer.json({ cycle, last, now: clock.now(), timeZone, isCurrent }), 200);
  });
}

const listed = answerOf<CycleSpend>()({
  cycle: [z.iso.date().describe("what ?cycle= asks for it by"), ({ cycle }) => cycle.key.toString()],
  start: [z.iso.date().nullable(), ({ cycle }) => cycle.cycle.start?.toString() ?? null],
  end: [z.iso.date().nullable().describe("exclusive"), ({ cycle }) => cycle.cycle.end?.toString() ?? null],
  current: [z.boolean(), ({ isCurrent }) => isCurrent],
  spend_cents: [money, ({ spend }) => toCents(spend)],
  spend_micros: [money, ({ spend }) => spend],
  budget_cents: [
    money.describe("in force at the cycle's end, or now"),
    ({ budget }) => toCents(budget?.amount ?? null),
  ],
  last_checked_at: [z.iso.datetime(), ({ last }) => last.lastCheckedAt.toString()],
});

const listRoute = routeOf({
  method: "get",
  path: "/api/cycles",
  summary: "All cycles that are known, newest first",
  responses: { 200: jsonOf("Unknown costs are null", z.object({ cycles: z.array(listed.schema) })) },
});

/** GET /api/cycles */
export function cyclesRoute(app: WebApp, { reports }: WebServices): void {
  app.openapi(listRoute, (context) => context.json({ cycles: reports.cycles().map(listed.json) }, 200));
}
