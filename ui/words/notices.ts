import type { AlertKind } from "../../domain/alerts/rules.ts";
import { SCRAPE, type Trouble, type TroubleNotice, troubleOf } from "../../domain/capture/scrape.ts";
import { accountChange, type SessionAge, sessionAge } from "../../domain/capture/session.ts";
import type { Services } from "../services.ts";
import { formatMoment } from "./format.ts";

const RUNS = 20;
const SESSIONS = 50;
/** How long another account is news. */
const NEWS_HOURS = 7 * 24;

/** What a person must know before they trust the figures. */
export interface Notices {
  readonly trouble: Trouble | null;
  /** A session that is about to end, and another account than before. */
  readonly warnings: readonly TroubleNotice[];
}

/** Reads them. */
export function noticesOf(
  { stores, runs, clock, config }: Pick<Services, "stores" | "runs" | "clock" | "config">,
): Notices {
  const [alert = null] = stores.alerts.listOpen("scrape_error" satisfies AlertKind);
  const sessions = stores.sessions.list(SESSIONS);
  const now = clock.now();
  const age = sessionAge(sessions, now);
  const changedAt = accountChange(sessions);
  const isNews = changedAt !== null && changedAt.until(now).total("hours") < NEWS_HOURS;
  return {
    trouble: troubleOf(alert, alert === null ? [] : runs.list({ job: SCRAPE, limit: RUNS })),
    warnings: [
      ...(age?.isDue ? [sessionNotice(age, now)] : []),
      ...(isNews ? [accountNotice(changedAt, config.timeZone)] : []),
    ],
  };
}

function sessionNotice({ ageHours, usualHours, endsAt }: SessionAge, now: Temporal.Instant): TroubleNotice {
  const usual = usualHours === null ? "" : ` Sessions here usually last ${hoursWords(usualHours)}.`;
  const isOver = endsAt !== null && Temporal.Instant.compare(endsAt, now) <= 0;
  return {
    headline: isOver ? "The session with Cursor may end at any time" : "The session with Cursor ends soon",
    details: `You have been logged in for ${hoursWords(ageHours)}.${usual} Log in again to lose no hour of figures.`,
    mend: "tracker onboard",
  };
}

function accountNotice(since: Temporal.Instant, timeZone: string): TroubleNotice {
  return {
    headline: "Another account is logged in",
    details:
      `Since ${formatMoment(since, timeZone)} the figures are those of another account than before; both are in ` +
      "one history. A DATA_DIR and a USER_DATA_DIR of its own keep accounts apart.",
    mend: null,
  };
}

function hoursWords(hours: number): string {
  if (hours < 1) return "less than an hour";
  if (hours < 48) return `${Math.round(hours)} ${Math.round(hours) === 1 ? "hour" : "hours"}`;
  return `${Math.round(hours / 24)} days`;
}
