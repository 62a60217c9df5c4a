import type { MonthFiles, ProgressFeed } from "../domain/billing/ports.ts";
import type { Config } from "../domain/config.ts";
import type { Clock, Log, RunControl } from "../domain/ports.ts";
import type { Stores } from "../domain/stores.ts";

/** What commands and pages work with; composed outside. */
export interface Services {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly stores: Stores;
  readonly runs: RunControl;
  readonly monthFiles: Pick<MonthFiles, "list" | "events">;
  readonly fetchProgress: ProgressFeed;
}
