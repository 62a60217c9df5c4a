import type { Clock, Sleep } from "../../domain/clock.ts";
import type { Log } from "../../domain/log.ts";
import type { RunStore } from "../../domain/runs/run.ts";

/** What every execution works with. */
export interface EngineParts<Tx> {
  readonly store: RunStore<Tx>;
  readonly clock: Clock;
  readonly log: Log;
  /** From 0 (inclusive) to 1 (exclusive), for the jitter of pauses. */
  readonly random: () => number;
  readonly sleep: Sleep;
  /** How often a run looks whether another process asked for its end. */
  readonly cancelPollMs: number;
  /** How long an aborted body may clean up before it is left behind. */
  readonly graceMs: number;
  /** How many interrupted tries of one step make a crash loop. */
  readonly maxInterruptions: number;
}
