import type { Micros } from "../money.ts";
import { band } from "./band.ts";
import { ewma } from "./ewma.ts";
import { linear } from "./linear.ts";
import { budgetRunOut, type RunOut } from "./run_out.ts";
import type { Forecast, Spending } from "./spending.ts";
import { type ProjectionStatus, projectionStatus } from "./status.ts";

/** The ways to project. */
export const METHODS = ["linear", "ewma"] as const;
export type Method = typeof METHODS[number];

/** Where the cycle will end. Amounts are null where something that they need is unknown. */
export interface Projection {
  /** The method that `projected`, the band, the status and the run-out are of. */
  readonly method: Method;
  readonly projected: Micros | null;
  readonly linear: Micros | null;
  readonly ewma: Micros | null;
  readonly low: Micros | null;
  readonly high: Micros | null;
  /** Spend per day that the method goes on with. */
  readonly perDay: Micros | null;
  readonly status: ProjectionStatus;
  readonly budgetRunOut: RunOut;
}

export interface ProjectOptions {
  readonly method: Method;
  readonly halfLifeDays: number;
  readonly budget: Micros | null;
  /** Daily spend of complete days before the cycle, oldest first: they make the band steadier. */
  readonly earlierDays?: readonly (Micros | null)[];
}

/** Projects the spending by each method; the chosen one decides. @throws TrackerError for a bad half-life. */
export function project(spending: Spending, options: ProjectOptions): Projection {
  const { method, halfLifeDays, budget, earlierDays = [] } = options;
  const forecasts: Readonly<Record<Method, Forecast>> = {
    linear: linear(spending),
    ewma: ewma(spending, { halfLifeDays }),
  };
  const { projected, perDay } = forecasts[method];
  const { spend } = spending;
  const range = band(spending, { projected, earlierDays });
  return {
    method,
    projected,
    linear: forecasts.linear.projected,
    ewma: forecasts.ewma.projected,
    low: range?.low ?? null,
    high: range?.high ?? null,
    perDay,
    status: projectionStatus({ spend, projected, budget }),
    budgetRunOut: budgetRunOut(spending, { spend, budget, perDay }),
  };
}
