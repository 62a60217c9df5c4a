import type { GoodScrape, Session, SessionEnd, SessionStore } from "./sessions.ts";

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
export function isOther(before: string | null, now: string | null): boolean {
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
