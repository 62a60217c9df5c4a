import type { ProjectionMethod } from "../config.ts";
import { type BillingCycle, cycleEnd, cycleStart } from "../cycle.ts";
import { type Micros, micros, sumMicros } from "../money.ts";
import { ewma } from "./ewma.ts";
import { linear } from "./linear.ts";
import { type Method, METHODS } from "./projection.ts";
import type { DaySpend, Spending } from "./spending.ts";

/** How far a method was off, over some trials. */
export interface Score {
  readonly method: Method;
  readonly trials: number;
  /** Mean absolute error, in money. */
  readonly meanError: Micros;
  /** Mean of error / actual spend, 0.1 is ten percent; null where every actual spend was zero. */
  readonly meanRelativeError: number | null;
}

/** The scores of one day of the cycle. */
interface DayScores {
  /** 1 is the cycle's first day; the projection stood at its end. */
  readonly dayOfCycle: number;
  readonly scores: readonly Score[];
}

/** How well each method did over all finished cycles. */
export interface Scorecard {
  readonly cycles: number;
  /** One per method that was tried. */
  readonly scores: readonly Score[];
  readonly byDay: readonly DayScores[];
}

/** Sums of one method; the trials themselves are not kept. */
interface Tally {
  trials: number;
  error: number;
  relativeTrials: number;
  relativeError: number;
}

/** Scores the trials. Memory does not grow with the number of cycles, but for their dates. */
export function scorecard(trials: Iterable<Trial>): Scorecard {
  const cycles = new Set<string>();
  const overall = new Map<Method, Tally>();
  const byDay = new Map<number, Map<Method, Tally>>();
  for (const trial of trials) {
    cycles.add(trial.cycleStart.toString());
    const ofDay = byDay.get(trial.dayOfCycle) ?? new Map<Method, Tally>();
    byDay.set(trial.dayOfCycle, ofDay);
    count(overall, trial);
    count(ofDay, trial);
  }
  const days = [...byDay].sort(([a], [b]) => a - b);
  return {
    cycles: cycles.size,
    scores: scoresOf(overall),
    byDay: days.map(([dayOfCycle, tallies]) => ({ dayOfCycle, scores: scoresOf(tallies) })),
  };
}

function count(tallies: Map<Method, Tally>, { method, projected, actual }: Trial): void {
  const tally = tallies.get(method) ?? { trials: 0, error: 0, relativeTrials: 0, relativeError: 0 };
  const error = Math.abs(projected - actual);
  tally.trials += 1;
  tally.error += error;
  if (actual > 0) {
    tally.relativeTrials += 1;
    tally.relativeError += error / actual;
  }
  tallies.set(method, tally);
}

function scoresOf(tallies: ReadonlyMap<Method, Tally>): Score[] {
  return METHODS.flatMap((method) => {
    const tally = tallies.get(method);
    return tally === undefined ? [] : [{
      method,
      trials: tally.trials,
      meanError: micros(Math.round(tally.error / tally.trials)),
      meanRelativeError: tally.relativeTrials === 0 ? null : tally.relativeError / tally.relativeTrials,
    }];
  });
}

/** A cycle that is over, with its daily spend as history knows it now. */
export interface FinishedCycle {
  readonly cycle: BillingCycle;
  readonly days: readonly DaySpend[];
}

/** What a method said at the end of one day of a finished cycle, against what came. */
export interface Trial {
  readonly cycleStart: Temporal.PlainDate;
  /** 1 is the local day that the cycle began in; the trial stands at its end. */
  readonly dayOfCycle: number;
  readonly method: Method;
  readonly projected: Micros;
  readonly actual: Micros;
}

interface BacktestOptions {
  readonly timeZone: string;
  readonly halfLifeDays: number;
}

/**
 * Asks each method at every local midnight inside each finished cycle. The days are those of today's history, later
 * corrections included. Cycles without both bounds or with a day of unknown spend are left out.
 */
export function* backtest(cycles: Iterable<FinishedCycle>, options: BacktestOptions): Generator<Trial, void> {
  for (const finished of cycles) yield* trialsOf(finished, options);
}

function* trialsOf({ cycle, days }: FinishedCycle, options: BacktestOptions): Generator<Trial, void> {
  const { timeZone, halfLifeDays } = options;
  const start = cycleStart(cycle);
  const end = cycleEnd(cycle);
  const actual = totalSpend(days);
  if (start === null || end === null || actual === null) return;
  const first = start.toZonedDateTimeISO(timeZone).toPlainDate();
  const cycleStartDate = cycle.start ?? first;
  for (let dayOfCycle = 1;; dayOfCycle++) {
    const date = first.add({ days: dayOfCycle });
    const asOf = date.toZonedDateTime(timeZone).toInstant();
    if (Temporal.Instant.compare(asOf, end) >= 0) return;
    const past = days.filter((day) => Temporal.PlainDate.compare(day.date, date) < 0);
    const spending: Spending = { cycle, asOf, spend: totalSpend(past), days: past, timeZone };
    const said = { linear: linear(spending).projected, ewma: ewma(spending, { halfLifeDays }).projected };
    for (const method of METHODS) {
      const projected = said[method];
      if (projected !== null) yield { cycleStart: cycleStartDate, dayOfCycle, method, projected, actual };
    }
  }
}

function totalSpend(days: readonly DaySpend[]): Micros | null {
  return sumMicros(days.map(({ spend }) => spend));
}

/** A method, and why it was taken. */
export interface MethodChoice {
  readonly method: Method;
  /** One sentence for people. */
  readonly reason: string;
}

/** Fewer finished cycles than this say too little about which method is better. */
const LEAST_CYCLES = 2;

/**
 * The method to project with. `auto` takes the one whose projections of finished cycles were off by less, relative to
 * what came; linear on a tie, and while there are fewer than two finished cycles with known spend.
 */
export function chooseMethod(setting: ProjectionMethod, scorecard: Scorecard): MethodChoice {
  if (setting !== "auto") return { method: setting, reason: `PROJECTION_METHOD is ${setting}.` };
  if (scorecard.cycles < LEAST_CYCLES) {
    return {
      method: "linear",
      reason: `auto took linear: ${scorecard.cycles} finished cycles with known spend, ${LEAST_CYCLES} are needed ` +
        "to compare.",
    };
  }
  const error = (method: Method) => scorecard.scores.find((score) => score.method === method)?.meanRelativeError;
  const linear = error("linear") ?? null;
  const ewma = error("ewma") ?? null;
  if (linear === null || ewma === null) {
    return { method: "linear", reason: "auto took linear: nothing was spent in the finished cycles." };
  }
  const method = ewma < linear ? "ewma" : "linear";
  return {
    method,
    reason: `auto took ${method}: over ${scorecard.cycles} finished cycles it was off by ${percent(error(method))}, ` +
      `${method === "ewma" ? "linear" : "ewma"} by ${percent(method === "ewma" ? linear : ewma)}.`,
  };
}

function percent(share: number | null | undefined): string {
  return `${((share ?? 0) * 100).toFixed(1)} %`;
}
