/** How a session ended, as far as it is known. */
export const SESSION_ENDS = ["logged_out", "new_login", "other_account"] as const;
export type SessionEnd = typeof SESSION_ENDS[number];

/** A stretch of time in which the site took this machine for logged in. */
export interface Session {
  readonly id: number;
  /** A login with 'onboard', or the first good scrape where the session came from elsewhere. */
  readonly beganAt: Temporal.Instant;
  readonly beganBy: "login" | "scrape";
  /** The last scrape that brought figures; null where there was none yet. */
  readonly lastGoodAt: Temporal.Instant | null;
  /** What the session's cookie says. */
  readonly expiresAt: Temporal.Instant | null;
  readonly endedAt: Temporal.Instant | null;
  readonly endedBy: SessionEnd | null;
  /** Whose it is; null where no scrape has told it. */
  readonly account: string | null;
}

/** What a good scrape told. */
interface GoodScrape {
  readonly at: Temporal.Instant;
  readonly expiresAt: Temporal.Instant | null;
  readonly account: string | null;
}

/** Sessions; at most one goes on. */
export interface SessionStore {
  /** Newest first. */
  list(limit: number): Session[];
  begin(session: Pick<Session, "beganAt" | "beganBy">): Session;
  /** Remembers what a good scrape told of it. */
  update(sessionId: number, told: Pick<Session, "lastGoodAt" | "expiresAt" | "account">): void;
  end(sessionId: number, end: { at: Temporal.Instant; by: SessionEnd }): void;
}

/** How a session that goes on stands. Times are hours. */
export interface SessionAge {
  readonly ageHours: number;
  /** Median of those that the site ended; null where there were fewer than LEAST_ENDED. */
  readonly usualHours: number | null;
  /** When it usually ends, or when its cookie does, whichever comes first; null where neither is known. */
  readonly endsAt: Temporal.Instant | null;
  /** That end is near or over: time to log in again. */
  readonly isDue: boolean;
}

/** One session says little about the next. */
const LEAST_ENDED = 2;
/** The warning comes this share of the usual length before its end, but neither earlier nor later than these. */
const LEAD_SHARE = 0.1;
const LEAST_LEAD_HOURS = 1;
const MOST_LEAD_HOURS = 24;

/** Whether the session that goes on is about to end, by how long those before it lasted and by its cookie. */
export function sessionAge(sessions: readonly Session[], now: Temporal.Instant): SessionAge | null {
  const current = sessions.find(({ endedAt }) => endedAt === null);
  if (current === undefined) return null;
  const lengths = endedLengthsHours(sessions);
  const usualHours = lengths.length < LEAST_ENDED ? null : median(lengths);
  const usualEnd = usualHours === null ? null : current.beganAt.add({ minutes: Math.round(usualHours * 60) });
  const ends = [usualEnd, current.expiresAt].filter((end) => end !== null);
  const endsAt = ends.toSorted(Temporal.Instant.compare)[0] ?? null;
  const leadHours = Math.min(Math.max((usualHours ?? Infinity) * LEAD_SHARE, LEAST_LEAD_HOURS), MOST_LEAD_HOURS);
  return {
    ageHours: hoursBetween(current.beganAt, now),
    usualHours,
    endsAt,
    isDue: endsAt !== null && hoursBetween(now, endsAt) <= leadHours,
  };
}

/**
 * How long the sessions lasted that the site ended, in hours: up to their last good scrape, since the end itself came at
 * some time after it. A session without a good scrape tells nothing.
 */
function endedLengthsHours(sessions: readonly Session[]): number[] {
  return sessions.flatMap(({ beganAt, lastGoodAt, endedBy }) =>
    endedBy === "logged_out" && lastGoodAt !== null ? [hoursBetween(beganAt, lastGoodAt)] : []
  );
}

function hoursBetween(from: Temporal.Instant, to: Temporal.Instant): number {
  return from.until(to).total("hours");
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low = 0, high = 0] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return (low + high) / 2;
}

/** How far back the last session whose account is known is looked for. */
const LOOK_BACK = 20;

/** A person has logged in: what went on before is over, and another session begins. */
export function noteLogin(sessions: SessionStore, at: Temporal.Instant): void {
  endCurrent(sessions, { at, by: "new_login" });
  sessions.begin({ beganAt: at, beganBy: "login" });
}

/** The site has ended the session. */
export function noteLogout(sessions: SessionStore, at: Temporal.Instant): void {
  endCurrent(sessions, { at, by: "logged_out" });
}

/**
 * A scrape brought figures: a session goes on, or begins. One of another account is another session. Answers whether the
 * account is another one than that of the last session whose account is known.
 */
export function noteGoodScrape(
  sessions: SessionStore,
  { at, expiresAt, account }: GoodScrape,
): { readonly isOtherAccount: boolean } {
  const known = sessions.list(LOOK_BACK);
  const isOtherAccount = isOther(known.find((session) => session.account !== null)?.account ?? null, account);
  let current = known.find(({ endedAt }) => endedAt === null);
  if (current !== undefined && isOther(current.account, account)) {
    sessions.end(current.id, { at, by: "other_account" });
    current = undefined;
  }
  current ??= sessions.begin({ beganAt: at, beganBy: "scrape" });
  sessions.update(current.id, {
    lastGoodAt: at,
    expiresAt: expiresAt ?? current.expiresAt,
    account: account ?? current.account,
  });
  return { isOtherAccount };
}

/** Whether two sessions are of two accounts. An account kept as a hash, and one kept otherwise, cannot be compared. */
function isOther(before: string | null, now: string | null): boolean {
  if (before === null || now === null || kindOf(before) !== kindOf(now)) return false;
  return before !== now;
}

/** Whether the account changed with the newest session whose account is known, and when; null where it did not. */
export function accountChange(sessions: readonly Session[]): Temporal.Instant | null {
  const [newest, before] = sessions.filter(({ account }) => account !== null);
  if (newest === undefined || before === undefined) return null;
  return isOther(before.account, newest.account) ? newest.beganAt : null;
}

/** "hmac-1a2b3c4d" of "hmac-1a2b3c4d:…", which names the key; "" of a plain address. */
function kindOf(account: string): string {
  return /^(hmac-[0-9a-f]+):/.exec(account)?.[1] ?? "";
}

function endCurrent(sessions: SessionStore, end: { at: Temporal.Instant; by: SessionEnd }): void {
  const current = sessions.list(1).find(({ endedAt }) => endedAt === null);
  if (current !== undefined) sessions.end(current.id, end);
}
