import { type Micros, micros } from "../money.ts";
import type { Trial } from "./backtest.ts";
import { type Method, METHODS } from "./project.ts";

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
export interface DayScores {
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
