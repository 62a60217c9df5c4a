import type { AlertWatch } from "../stores.ts";

/** A sweep comes every 15 minutes, or after an hourly scrape; what is longer than this is a pause. */
const PAUSE_MINUTES = 130;

/** The watch with this sweep. A clock that was set back counts as a pause too. */
export function watchOn(watch: AlertWatch | null, now: Temporal.Instant): AlertWatch {
  if (watch === null) return { since: now, resumedAt: now, lastSweepAt: now };
  const minutes = watch.lastSweepAt.until(now).total("minutes");
  const isPause = minutes < 0 || minutes > PAUSE_MINUTES;
  return { since: watch.since, resumedAt: isPause ? now : watch.resumedAt, lastSweepAt: now };
}
