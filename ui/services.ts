import type { MonthFiles, ProgressFeed } from "../domain/billing/ports.ts";
import type { Config } from "../domain/config.ts";
import type { DoctorReport } from "../domain/doctor.ts";
import type { Clock, Log, RunControl } from "../domain/ports.ts";
import type { Replayed } from "../domain/replay.ts";
import type { Stores } from "../domain/stores.ts";
import type { TableFiles } from "../domain/table_files.ts";

/** What commands and pages work with; composed outside. */
export interface Services {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly stores: Stores;
  readonly runs: RunControl;
  readonly tables: TableFiles;
  /** Reads kept captures with today's code, and writes what they say where `apply` is true. */
  readonly replay: (options: { captureId: number | null; apply: boolean }) => Promise<Replayed[]>;
  readonly monthFiles: Pick<MonthFiles, "list" | "events">;
  readonly fetchProgress: ProgressFeed;
  /** Looks at everything that must work: takes seconds, and changes nothing. */
  readonly doctor: () => Promise<DoctorReport>;
}
