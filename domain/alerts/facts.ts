import { outcomeOf, SCRAPE } from "../capture/scrape.ts";
import type { Snapshot } from "../capture/usage.ts";
import type { Config } from "../config.ts";
import { cycleEnd, cycleProgress, cycleStart } from "../cycle.ts";
import type { StoredCycle } from "../history/stored_cycle.ts";
import { type Micros, micros } from "../money.ts";
import { lostFigures, type PayloadShape } from "../readers/shapes.ts";
import type { PriceAnomaly, SpendAnomaly } from "../report/anomalies.ts";
import { dailyDays, type ReportParts } from "../report/days.ts";
import { Reports } from "../report/reports.ts";
import type { Standing } from "../report/standing.ts";
import type { Failure, Run, RunControl } from "../runs/run.ts";
import type { Stores } from "../stores.ts";
import type { Alert, AlertWatch } from "./alert.ts";

/** Without a known end a cycle counts as running while its figures are this fresh. */
const FRESH_HOURS = 24;

/** What is usual is known where so many days of use of the last weeks were seen as they happened. */
const LEAST_SURE_DAYS = 7;
const USUAL_DAYS = 60;

/** A row of failures is told by its first one; one that is longer than this has its alert since long. */
const LAST_SCRAPES = 50;

/** The first money that a cycle bills on top of the plan. */
export interface Billed {
  /** What is known to be billed so far. */
  readonly amount: Micros;
  /** The model that most of it is for. */
  readonly model: string;
  /** The first event that was billed; null where events do not tell. */
  readonly event: { readonly at: Temporal.Instant; readonly model: string; readonly amount: Micros } | null;
}

/** The current cycle as rules see it. Unknown amounts are null. */
export interface CycleFacts {
  readonly name: string;
  /** Whether the cycle is going on now: the past raises no alarm. */
  readonly isRunning: boolean;
  readonly isStale: boolean;
  readonly firstCapturedAt: Temporal.Instant;
  readonly daysElapsed: number | null;
  readonly spend: Micros | null;
  readonly budget: Micros | null;
  readonly projected: Micros | null;
  readonly pools: readonly { readonly name: string; readonly percentUsed: number | null }[];
  /** Null if nothing is billed. Reads the cycle's events, which may be many. */
  readonly billed: () => Billed | null;
  readonly today: Temporal.PlainDate | null;
  /** What is out of the ordinary today; empty where today, or too much of what is usual, is an estimate. */
  readonly anomalies: readonly (SpendAnomaly | PriceAnomaly)[];
  /** All alerts of the cycle, those that are over too. */
  readonly alerts: readonly Alert[];
}

/** How the scrapes stand that have ended; those that another process kept out tell nothing. */
interface ScrapeFacts {
  /** The first of the failures that came since the last success; null if there are none. */
  readonly firstFailure: {
    readonly run: Pick<Run, "id" | "fence">;
    readonly at: Temporal.Instant;
    readonly failure: Failure;
  } | null;
  readonly lastSuccess: Temporal.Instant | null;
}

/** Everything that rules judge. */
export interface AlertFacts {
  readonly now: Temporal.Instant;
  readonly watch: AlertWatch;
  /** The newest snapshot that is not of the future, as a wrong clock makes them; its last check is the last success. */
  readonly latest: Pick<Snapshot, "lastCheckedAt"> | null;
  readonly scrapes: ScrapeFacts;
  /** Figures that Cursor no longer sends, and since when. */
  readonly lost: { readonly figures: readonly string[]; readonly since: Temporal.Instant | null };
  readonly cycle: CycleFacts | null;
  /** Alerts that are not over. */
  readonly open: readonly Alert[];
  readonly limits: { readonly thresholds: readonly Micros[]; readonly percents: readonly number[] };
}

/** What facts are gathered from. */
export interface FactParts extends ReportParts {
  readonly stores: Pick<Stores, "usage" | "history" | "budgets" | "events" | "alerts" | "shapes">;
  readonly runs: Pick<RunControl, "list">;
  readonly config: ReportParts["config"] & Pick<Config, "thresholds" | "alertPercents">;
}

/** The facts as they are stored now. */
export function gatherFacts(parts: FactParts, watch: AlertWatch): AlertFacts {
  const { stores, runs, clock, config } = parts;
  const now = clock.now();
  const standing = new Reports(parts).standing();
  return {
    now,
    watch,
    latest: stores.usage.latestAt(now),
    scrapes: scrapeFacts(runs.list({ job: SCRAPE, limit: LAST_SCRAPES }), now),
    lost: lostOf(stores.shapes.list()),
    cycle: standing === null ? null : cycleFacts(standing, { parts, now }),
    open: stores.alerts.listOpen(),
    limits: { thresholds: config.thresholds, percents: config.alertPercents },
  };
}

/** An end in the future is one that a wrong clock made. */
function scrapeFacts(runs: readonly Run[], now: Temporal.Instant): ScrapeFacts {
  const ended = runs.flatMap((run) => {
    const { status, finishedAt: at, failure } = run;
    const isEnd = status === "succeeded" || (failure !== null && outcomeOf(failure) !== "locked");
    return at !== null && isEnd && Temporal.Instant.compare(at, now) <= 0 ? [{ run, at, failure }] : [];
  }).sort((a, b) => Temporal.Instant.compare(b.at, a.at) || b.run.id - a.run.id);
  const success = ended.findIndex(({ failure }) => failure === null);
  const failures = success === -1 ? ended : ended.slice(0, success);
  const first = failures.at(-1);
  return {
    firstFailure: first === undefined || first.failure === null ? null : { ...first, failure: first.failure },
    lastSuccess: ended[success]?.at ?? null,
  };
}

function lostOf(shapes: readonly PayloadShape[]): AlertFacts["lost"] {
  const since = shapes.flatMap(({ driftedAt }) => driftedAt ?? []).sort(Temporal.Instant.compare);
  return { figures: lostFigures(shapes), since: since[0] ?? null };
}

function cycleFacts(standing: Standing, { parts, now }: { parts: FactParts; now: Temporal.Instant }): CycleFacts {
  const { cycle, snapshot } = standing;
  const { alerts } = parts.stores;
  const name = cycleName(cycle, alerts.cycles());
  return {
    name,
    isRunning: isRunning(standing, now),
    isStale: standing.isStale,
    firstCapturedAt: cycle.firstCapturedAt,
    daysElapsed: cycleProgress(cycle.cycle, snapshot.lastCheckedAt).daysElapsed,
    spend: standing.total,
    // The one in force now, even where the figures are of an earlier check.
    budget: parts.stores.budgets.at(now)?.amount ?? null,
    projected: standing.projection.projected,
    pools: standing.pools,
    billed: () => billedIn(standing, { parts, now }),
    today: standing.today?.date ?? null,
    anomalies: isSure(standing, parts) ? standing.anomalies : [],
    alerts: alerts.ofCycle(name),
  };
}

function isRunning({ cycle, snapshot }: Standing, now: Temporal.Instant): boolean {
  const end = cycleEnd(cycle.cycle);
  if (end !== null) return Temporal.Instant.compare(now, end) < 0;
  return snapshot.lastCheckedAt.until(now).total("hours") < FRESH_HOURS;
}

/** A first snapshot is spread over the days before it, all alike: against such days any real one would stand out. */
function isSure({ today, days, anomalies }: Standing, parts: FactParts): boolean {
  if (today === null || anomalies.length === 0) return false;
  const date = today.date;
  if (days.some((day) => day.date.equals(date) && day.estimated)) return false;
  const past = dailyDays(parts, { from: date.subtract({ days: USUAL_DAYS }), to: date.subtract({ days: 1 }) });
  return past.filter((day) => !day.estimated && day.tokens.total > 0).length >= LEAST_SURE_DAYS;
}

function billedIn(
  { cycle, rows }: Standing,
  { parts, now }: { parts: FactParts; now: Temporal.Instant },
): Billed | null {
  const from = cycleStart(cycle.cycle) ?? cycle.firstCapturedAt;
  const event = firstBilledEvent(parts, { from, to: cycleEnd(cycle.cycle) ?? now });
  const sums = new Map<string, number>();
  for (const { model, costToYou } of rows) sums.set(model, (sums.get(model) ?? 0) + (costToYou ?? 0));
  const [top] = [...sums].sort(([, a], [, b]) => b - a);
  const total = [...sums.values()].reduce((all, amount) => all + amount, 0);
  if (total <= 0 || top === undefined) {
    return event === null ? null : { amount: event.amount, model: event.model, event };
  }
  return { amount: micros(total), model: top[0], event };
}

function firstBilledEvent(
  { stores }: FactParts,
  range: { from: Temporal.Instant; to: Temporal.Instant },
): Billed["event"] {
  for (const { at, user, model, charged } of stores.events.read(range)) {
    if (user === null && charged !== null && charged > 0) return { at, model, amount: charged };
  }
  return null;
}

/** What a page in local time and an exact moment in UTC may differ by. */
const DATE_SLACK_DAYS = 1;
const SINCE = "since ";

/**
 * The name that a cycle's alerts have in common: its start date, or "since" and the moment of its first snapshot where
 * the start was not told. A cycle that has alerts keeps the name that they were given: a start that gets known later, or
 * more exactly, must not let every alert fire anew.
 */
export function cycleName(cycle: StoredCycle, given: readonly string[]): string {
  const start = cycle.cycle.start;
  const own = start === null ? `${SINCE}${cycle.firstCapturedAt}` : start.toString();
  return given.find((name) => isNameOf(cycle, name)) ?? own;
}

function isNameOf(cycle: StoredCycle, name: string): boolean {
  if (!name.startsWith(SINCE)) {
    const { start } = cycle.cycle;
    if (start === null) return false;
    return Math.abs(start.until(Temporal.PlainDate.from(name)).total("days")) <= DATE_SLACK_DAYS;
  }
  const first = Temporal.Instant.from(name.slice(SINCE.length));
  const from = cycleStart(cycle.cycle) ?? cycle.firstCapturedAt;
  const to = cycleEnd(cycle.cycle);
  const isAfterStart = Temporal.Instant.compare(first, from) >= 0;
  if (to !== null) return isAfterStart && Temporal.Instant.compare(first, to) < 0;
  // Without an end only the cycle's own first snapshot proves that it is meant.
  return first.equals(cycle.firstCapturedAt) || (cycle.cycle.start !== null && isAfterStart);
}
