import type { Config } from "../config.ts";
import type { Clock } from "../ports.ts";
import type { Stores } from "../stores.ts";

/** What reports are made from. */
export interface ReportParts {
  readonly stores: Pick<Stores, "usage" | "history" | "budgets" | "events">;
  readonly clock: Clock;
  readonly config: Pick<Config, "spendMetric" | "timeZone" | "halfLifeDays" | "projectionMethod">;
}
