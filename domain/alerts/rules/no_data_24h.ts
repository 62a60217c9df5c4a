import type { AlertFacts } from "../facts.ts";
import { type AlertRule, NO_CHANGE, openAlerts } from "../rule.ts";

const HOURS = 24;
/** After a pause (the machine was off) the scrapes get this long to bring figures before silence is an alarm. */
const GRACE_MINUTES = 30;
const NEVER = "never";

/**
 * No successful check for 24 hours; where there never was one, since alerts are watched for. One alert per silence: its
 * key is the last success, so that only a newer one ends it and makes room for another.
 */
export const noData24h: AlertRule<"no_data_24h"> = {
  kind: "no_data_24h",
  badge: "No figures",
  tone: "bad",
  opened: () => "No new figures for 24 hours",
  cleared: "New figures arrive again",
  judge(facts) {
    const { latest, now, watch } = facts;
    const dedupeKey = `no_data_24h:${latest?.lastCheckedAt ?? NEVER}`;
    const close = openAlerts(facts, "no_data_24h").filter((alert) => alert.dedupeKey !== dedupeKey)
      .map((alert) => ({ alert, isRecovered: isRecent(latest?.lastCheckedAt ?? null, now) }));
    const silentSince = startOfSilence(facts);
    const isSilent = silentSince.until(now).total("hours") > HOURS;
    if (!isSilent || watch.resumedAt.until(now).total("minutes") < GRACE_MINUTES) return { ...NO_CHANGE, close };
    return { open: [{ dedupeKey, details: detailsOf(facts) }], close };
  },
};

/** A check that a wrong clock put into the future says nothing; setting the clock back began a new watch. */
function startOfSilence({ latest, watch, now }: AlertFacts): Temporal.Instant {
  if (latest === null) return watch.since;
  return Temporal.Instant.compare(latest.lastCheckedAt, now) > 0 ? watch.resumedAt : latest.lastCheckedAt;
}

function isRecent(at: Temporal.Instant | null, now: Temporal.Instant): boolean {
  return at !== null && at.until(now).total("hours") <= HOURS;
}

function detailsOf({ latest, watch }: AlertFacts): string {
  const look = "See 'tracker runs list --job scrape', or try 'tracker scrape'.";
  const minute = (at: Temporal.Instant) => `${at.toString({ smallestUnit: "minute" })}`;
  return latest === null
    ? `There were no figures yet since ${minute(watch.since)}. ${look}`
    : `The last successful check was at ${minute(latest.lastCheckedAt)}. ${look}`;
}
