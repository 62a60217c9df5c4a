import { type CostBasis, isStale, type Snapshot, type UsageRow } from "../capture/usage.ts";
import { cycleEnd } from "../cycle.ts";
import type { Day } from "../history/days.ts";
import { costOf, sumFigures } from "../history/figures.ts";
import { ownEvents } from "../history/own_events.ts";
import type { StoredCycle } from "../history/stored_cycle.ts";
import { type Micros, micros, sumMicros, ZERO } from "../money.ts";
import { project, type Projection } from "../projection/projection.ts";
import { percentUsed, poolRunOut, type RunOut } from "../projection/run_out.ts";
import type { MethodChoice } from "../projection/scorecard.ts";
import { daySpends, type Spending } from "../projection/spending.ts";
import {
  anomaliesOn,
  type ModelDaySpend,
  perThousandTokens,
  type PriceAnomaly,
  robustScore,
  type SpendAnomaly,
  withHours,
} from "./anomalies.ts";
import type { Budget } from "./budget.ts";
import { dailyDays, modelDays, type ReportParts } from "./days.ts";
import { basisOfAll, type Spend, spendOf } from "./models.ts";

/** How many days before the cycle steady its band. */
const EARLIER_DAYS = 28;
/** Anomalies compare with 28 days of use, which may lie this many days back. */
const COMPARED_DAYS = 60;

/** A pool and when it is used up. */
export interface PoolStanding {
  readonly name: string;
  readonly percentUsed: number | null;
  readonly used: Micros | null;
  readonly runOut: RunOut;
}

/** The newest day of the figures against the usual one. */
export interface Today {
  readonly date: Temporal.PlainDate;
  readonly spend: Micros | null;
  /** Median of the newest 28 days of use before it; null with fewer than seven. */
  readonly usual: Micros | null;
}

/** A cycle as it stands: what is spent, and where that will end. */
export interface Standing {
  readonly cycle: StoredCycle;
  readonly snapshot: Snapshot;
  readonly isCurrent: boolean;
  readonly isStale: boolean;
  /** The moment that it is told for: now, the last check where the figures are stale, the end where the cycle is over. */
  readonly asOf: Temporal.Instant;
  readonly rows: readonly UsageRow[];
  /** What is known of the spend, and what is not. */
  readonly spend: Spend;
  /** The whole spend; null where a part of it is unknown. */
  readonly total: Micros | null;
  readonly costBasis: CostBasis;
  readonly budget: Budget | null;
  /** The cycle's days in order. */
  readonly days: readonly Day[];
  /** Null where the cycle is not the current one. */
  readonly today: Today | null;
  readonly anomalies: readonly (SpendAnomaly | PriceAnomaly)[];
  readonly projection: Projection;
  readonly methodReason: string;
  readonly pools: readonly PoolStanding[];
}

/** How the cycle stands; null where its newest snapshot is gone. */
export function standingOf(
  cycle: StoredCycle,
  { parts, isCurrent, choice }: { parts: ReportParts; isCurrent: boolean; choice: MethodChoice },
): Standing | null {
  const { stores, clock, config } = parts;
  const snapshot = stores.usage.find(cycle.lastSnapshotId);
  if (snapshot === null) return null;
  const now = clock.now();
  const stale = isCurrent && isStale({ lastCheckedAt: snapshot.lastCheckedAt, cycle: cycle.cycle }, now);
  const asOf = momentOf(cycle, { snapshot, now, isOld: stale || !isCurrent });
  const rows = stores.usage.rows(snapshot.id);
  const total = costOf(sumFigures(rows), config.spendMetric);
  const days = dailyDays(parts, { cycle });
  const budget = stores.budgets.at(asOf);
  const spending: Spending = {
    cycle: cycle.cycle,
    asOf,
    spend: total,
    days: daySpends(days, config.spendMetric),
    timeZone: config.timeZone,
  };
  const { halfLifeDays } = config;
  const options = { method: choice.method, halfLifeDays, budget: budget?.amount ?? null };
  const spend = spendOf(rows, config.spendMetric);
  return {
    cycle,
    snapshot,
    isCurrent,
    isStale: stale,
    asOf,
    rows,
    spend,
    total,
    costBasis: costBasisOf(spend, { rows, metric: config.spendMetric }),
    budget,
    days,
    ...(isCurrent ? newestDay(parts, { asOf, days }) : { today: null, anomalies: [] }),
    projection: project(spending, { ...options, earlierDays: earlierSpends(parts, days) }),
    methodReason: choice.reason,
    pools: stores.usage.pools(snapshot.id).map((pool) => ({
      name: pool.name,
      percentUsed: percentUsed(pool),
      used: pool.used,
      runOut: poolRunOut({ cycle: cycle.cycle, asOf }, pool),
    })),
  };
}

function momentOf(
  { cycle }: StoredCycle,
  { snapshot, now, isOld }: { snapshot: Snapshot; now: Temporal.Instant; isOld: boolean },
): Temporal.Instant {
  const end = cycleEnd(cycle);
  if (end !== null && Temporal.Instant.compare(now, end) >= 0) return end;
  return isOld ? snapshot.lastCheckedAt : now;
}

/** Spend of the days before the cycle's first one, oldest first. */
function earlierSpends(parts: ReportParts, days: readonly Day[]): (Micros | null)[] {
  const first = days[0]?.date;
  if (first === undefined) return [];
  const range = { from: first.subtract({ days: EARLIER_DAYS }), to: first.subtract({ days: 1 }) };
  return daySpends(dailyDays(parts, range), parts.config.spendMetric).map(({ spend }) => spend);
}

function newestDay(
  parts: ReportParts,
  { asOf, days }: { asOf: Temporal.Instant; days: readonly Day[] },
): Pick<Standing, "today" | "anomalies"> {
  const { spendMetric, timeZone } = parts.config;
  const newest = days.at(-1);
  const date = newest?.date ?? asOf.toZonedDateTimeISO(timeZone).toPlainDate();
  const past = modelDays(parts, { from: date.subtract({ days: COMPARED_DAYS }), to: date });
  const spends = perThousandTokens(past, spendMetric);
  const usual = robustScore(0, spendsBefore(date, spends))?.usual ?? null;
  return {
    today: {
      date,
      spend: newest === undefined ? ZERO : costOf(newest, spendMetric),
      usual: usual === null ? null : micros(Math.round(usual)),
    },
    anomalies: anomaliesWithHours(parts, { date, spends }),
  };
}

/** Events are read only where something stands out. */
function anomaliesWithHours(
  { stores, config: { spendMetric: metric, timeZone } }: ReportParts,
  { date, spends }: { date: Temporal.PlainDate; spends: readonly ModelDaySpend[] },
): (SpendAnomaly | PriceAnomaly)[] {
  const found = anomaliesOn(date, spends);
  if (found.length === 0) return [];
  const [from, to] = [date, date.add({ days: 1 })].map((day) => day.toZonedDateTime(timeZone).toInstant());
  const events = [...ownEvents(stores.events.read({ from: from ?? null, to: to ?? null }))];
  const today = spends.filter((spend) => spend.date.equals(date));
  const spendOf = (model: string | null) =>
    sumMicros(today.filter((one) => model === null || one.model === model).map(({ spend }) => spend));
  return withHours(found, events, { metric, timeZone, spendOf });
}

/** Known spend of each day of use before the date, in order. */
function spendsBefore(date: Temporal.PlainDate, spends: readonly ModelDaySpend[]): number[] {
  const sums = new Map<string, number>();
  for (const { date: each, spend } of spends) {
    if (spend === null || spend === 0 || Temporal.PlainDate.compare(each, date) >= 0) continue;
    sums.set(each.toString(), (sums.get(each.toString()) ?? 0) + spend);
  }
  return [...sums].sort(([a], [b]) => a < b ? -1 : 1).map(([, sum]) => sum);
}

/** What the sum is; a spend of nothing is what its rows say, or what the metric measures. */
function costBasisOf(
  { bases }: Spend,
  { rows, metric }: { rows: readonly UsageRow[]; metric: "api_cost" | "cost_to_you" },
): CostBasis {
  if (bases.length > 0) return basisOfAll(bases);
  if (metric === "cost_to_you") return "billed";
  return rows.length === 0 ? "included" : basisOfAll(rows.map(({ costBasis }) => costBasis));
}
