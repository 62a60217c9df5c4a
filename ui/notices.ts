import { SCRAPE } from "../domain/scrape_result.ts";
import { accountChange } from "../domain/session_notes.ts";
import { type SessionAge, sessionAge } from "../domain/sessions.ts";
import { type Notice, type Trouble, troubleOf } from "../domain/trouble.ts";
import type { Services } from "./services.ts";
import { formatMoment } from "./web/format.ts";

const RUNS = 20;
const SESSIONS = 50;
/** How long another account is news. */
const NEWS_HOURS = 7 * 24;

/** What a person must know before they trust the figures. */
export interface Notices {
  readonly trouble: Trouble | null;
  /** A session that is about to end, and another account than before. */
  readonly warnings: readonly Notice[];
}

/** Reads them. */
export function noticesOf(
  { stores, runs, clock, config }: Pick<Services, "stores" | "runs" | "clock" | "config">,
): Notices {
  const [alert = null] = stores.alerts.listOpen("scrape_error");
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

/** Notices as text for a terminal; nothing where all is well. */
export function noticesText({ trouble, warnings }: Notices): string {
  const all = [...(trouble === null ? [] : [trouble]), ...warnings];
  return all.map(({ headline, details, mend }) =>
    `${headline}. ${details}\n${mend === null ? "" : `Try:   ${mend}\n`}\n`
  ).join("");
}

function sessionNotice({ ageHours, usualHours, endsAt }: SessionAge, now: Temporal.Instant): Notice {
  const usual = usualHours === null ? "" : ` Sessions here usually last ${hoursWords(usualHours)}.`;
  const isOver = endsAt !== null && Temporal.Instant.compare(endsAt, now) <= 0;
  return {
    headline: isOver ? "The session with Cursor may end at any time" : "The session with Cursor ends soon",
    details: `You have been logged in for ${hoursWords(ageHours)}.${usual} Log in again to lose no hour of figures.`,
    mend: "tracker onboard",
  };
}

function accountNotice(since: Temporal.Instant, timeZone: string): Notice {
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
