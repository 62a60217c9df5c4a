import { isStale } from "../../../domain/freshness.ts";
import type { WebServices } from "../app.tsx";
import { type Sample, sample, secondsOf } from "./names.ts";

/** When figures were last seen; nothing before the first scrape that succeeded. */
export function freshnessMetrics({ stores, clock }: WebServices): Sample[] {
  const latest = stores.usage.latest();
  if (latest === null) return [];
  const now = clock.now();
  return [
    ...sample("tracker_last_success_timestamp_seconds", secondsOf(latest.lastCheckedAt)),
    ...sample("tracker_last_success_age_seconds", latest.lastCheckedAt.until(now).total("seconds")),
    ...sample("tracker_figures_stale", isStale(latest, now) ? 1 : 0),
  ];
}
