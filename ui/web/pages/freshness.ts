import { isStale } from "../../../domain/freshness.ts";
import type { Services } from "../../services.ts";
import { formatAge, formatMoment } from "../format.ts";
import type { Freshness } from "./layout.tsx";

/** How old the newest figures are. */
export function freshnessOf({ stores, clock, config }: Pick<Services, "stores" | "clock" | "config">): Freshness {
  const snapshot = stores.usage.latest();
  if (snapshot === null) return { state: "none", text: "no figures yet", title: "No scrape has succeeded so far" };
  const now = clock.now();
  const changed = formatAge(snapshot.capturedAt, now);
  return {
    state: isStale(snapshot, now) ? "stale" : "fresh",
    text: `checked ${formatAge(snapshot.lastCheckedAt, now)} · changed ${changed}`,
    title: `Last checked ${formatMoment(snapshot.lastCheckedAt, config.timeZone)}`,
  };
}
