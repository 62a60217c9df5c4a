import type { Failure } from "../../runs/run.ts";
import type { Alert } from "../alert.ts";
import { type AlertRule, NO_CHANGE, openAlerts } from "../rule.ts";

/** Scrapes that bring no figures: one alert for a row of failures, from the first of them to the next success. */
export const scrapeError: AlertRule<"scrape_error"> = {
  kind: "scrape_error",
  badge: "No figures",
  tone: "bad",
  opened: () => "The usage page cannot be read",
  cleared: "The usage page can be read again",
  judge(facts) {
    const { scrapes: { firstFailure, lastSuccess }, now } = facts;
    const open = openAlerts(facts, scrapeError.kind);
    if (firstFailure !== null) {
      const { run: { id, fence }, at, failure } = firstFailure;
      const opening = { dedupeKey: `scrape_error:run:${id}:${fence}`, details: detailsOf(failure), at };
      return { open: open.length > 0 ? [] : [opening], close: [] };
    }
    if (lastSuccess === null) return NO_CHANGE;
    // While a failed run is tried once more, an earlier success is the newest end, which ends nothing.
    const isOver = ({ triggeredAt }: Alert) => isUpTo(triggeredAt, lastSuccess) || !isUpTo(triggeredAt, now);
    return { open: [], close: open.filter(isOver).map((alert) => ({ alert, isRecovered: true, at: lastSuccess })) };
  },
};

function isUpTo(at: Temporal.Instant, limit: Temporal.Instant): boolean {
  return Temporal.Instant.compare(at, limit) <= 0;
}

function detailsOf({ message, hint }: Failure): string {
  return hint === null ? message : `${message} ${hint}`;
}
