import { cycleEnd, cycleStart } from "../cycle.ts";
import { type Micros, sumMicros } from "../money.ts";
import type { BillingCycle } from "../usage.ts";
import { ewma } from "./ewma.ts";
import { linear } from "./linear.ts";
import { type Method, METHODS } from "./project.ts";
import type { DaySpend, Spending } from "./spending.ts";

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

export interface BacktestOptions {
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
