import type { Messaging } from "../domain/alerts/notification.ts";
import type { AlertRule } from "../domain/alerts/rule.ts";
import type { ProgressFeed } from "../domain/billing/fetch.ts";
import type { MonthFiles } from "../domain/billing/month_files.ts";
import type { Replayed } from "../domain/capture/replay.ts";
import type { Clock } from "../domain/clock.ts";
import type { Config } from "../domain/config.ts";
import type { Log } from "../domain/log.ts";
import type { DoctorReport } from "../domain/operations/doctor.ts";
import type { Installation } from "../domain/operations/installation.ts";
import type { DueJob, RunControl } from "../domain/runs/run.ts";
import type { Stores } from "../domain/stores.ts";
import type { TableFiles } from "../domain/tables/table.ts";
import type { ReplayWish } from "../jobs/actions/replay.ts";

/** What commands and pages work with; composed outside. */
export interface Services {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly stores: Stores;
  readonly runs: RunControl;
  /** What runs by the clock in this process; nothing in a one-off command. */
  readonly schedule: readonly DueJob[];
  readonly tables: TableFiles;
  /** Reads kept captures with today's code, and writes what they say where `apply` is true. */
  readonly replay: (wish: ReplayWish) => Promise<Replayed[]>;
  readonly monthFiles: Pick<MonthFiles, "list" | "events">;
  readonly fetchProgress: ProgressFeed;
  readonly installation: Installation;
  readonly messaging: Messaging;
  /** The kinds of alerts there are. */
  readonly alertRules: readonly AlertRule[];
  /** Looks at everything that must work: takes seconds, and changes nothing. */
  readonly doctor: () => Promise<DoctorReport>;
}
