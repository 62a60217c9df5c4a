import { cycleEnd } from "./cycle.ts";
import type { Snapshot } from "./stores.ts";

/** Two hourly scrapes may be missed, and the third be under way, before the figures count as stale. */
const STALE_AFTER_MINUTES = 130;

/** Whether the figures may no longer be true: not checked for a while, or of a cycle that has ended. */
export function isStale(snapshot: Pick<Snapshot, "lastCheckedAt" | "cycle">, now: Temporal.Instant): boolean {
  const end = cycleEnd(snapshot.cycle);
  const hasEnded = end !== null && Temporal.Instant.compare(now, end) >= 0;
  return hasEnded || snapshot.lastCheckedAt.until(now).total("minutes") > STALE_AFTER_MINUTES;
}
