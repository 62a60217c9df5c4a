import { cycleProgress, UNKNOWN_CYCLE } from "../domain/cycle.ts";
import { isStale } from "../domain/freshness.ts";
import type { Snapshot, StoredCycle } from "../domain/stores.ts";

/** A cycle as commands and the API show it; nulls where unknown. A cycle that is over stands at its end. */
export function cycleJson(
  cycle: StoredCycle | null,
  { last, now, timeZone, isCurrent }: {
    last: Snapshot | null;
    now: Temporal.Instant;
    timeZone: string;
    isCurrent: boolean;
  },
) {
  const bounds = cycle?.cycle ?? UNKNOWN_CYCLE;
  const progress = cycleProgress(bounds, now);
  return {
    cycle: cycle?.key.toString() ?? null,
    start: bounds.start?.toString() ?? null,
    end: bounds.end?.toString() ?? null,
    days_total: rounded(progress.daysTotal),
    days_elapsed: rounded(progress.daysElapsed),
    days_remaining: rounded(progress.daysRemaining),
    time_zone: timeZone,
    last_snapshot_at: last?.capturedAt.toString() ?? null,
    last_checked_at: last?.lastCheckedAt.toString() ?? null,
    current: isCurrent,
    stale: last === null || (isCurrent && isStale({ lastCheckedAt: last.lastCheckedAt, cycle: bounds }, now)),
  };
}

function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value * 10_000) / 10_000;
}
