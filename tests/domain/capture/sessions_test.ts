import {
  accountChange,
  noteGoodScrape,
  noteLogin,
  noteLogout,
  type Session,
  sessionAge,
  type SessionStore,
} from "../../../domain/capture/session.ts";
import { testDatabase } from "../../adapters/sqlite/test_database.ts";
import assert from "node:assert/strict";

const START = Temporal.Instant.from("2026-11-21T00:00:00Z");
const after = (hours: number) => START.add({ minutes: Math.round(hours * 60) });
const ADA = "hmac-00000001:aaaa";
const GRACE = "hmac-00000001:bbbb";

function scrape(
  store: SessionStore,
  hours: number,
  { account = ADA as string | null, expires = null as number | null } = {},
) {
  const expiresAt = expires === null ? null : after(expires);
  return noteGoodScrape(store, { at: after(hours), account, expiresAt }).isOtherAccount;
}

/** Sessions that the site ended after these hours, one after another, and one that goes on since `now`. */
function history(...lengths: number[]): SessionStore {
  const store = testDatabase().stores.sessions;
  let at = 0;
  for (const length of lengths) {
    noteLogin(store, after(at));
    scrape(store, at + length);
    noteLogout(store, after(at + length + 1));
    at += length + 2;
  }
  noteLogin(store, after(at));
  return store;
}

const stateOf = ({ beganBy, endedBy }: Session) => [beganBy, endedBy];

Deno.test("a session begins with a login, goes on with each good scrape, and ends when the site logs out", () => {
  const store = testDatabase().stores.sessions;
  noteLogin(store, after(0));
  scrape(store, 1, { expires: 48 });
  scrape(store, 5);
  noteLogout(store, after(6));
  const [session] = store.list(10);
  assert.deepEqual(stateOf(session as Session), ["login", "logged_out"]);
  assert.equal(session?.lastGoodAt?.toString(), after(5).toString());
  assert.equal(session?.expiresAt?.toString(), after(48).toString());
});

Deno.test("a good scrape after a log-out, or with a profile from elsewhere, begins a session of its own", () => {
  const store = testDatabase().stores.sessions;
  scrape(store, 0);
  noteLogout(store, after(2));
  noteLogout(store, after(3));
  scrape(store, 4);
  assert.deepEqual(store.list(10).map(stateOf), [["scrape", null], ["scrape", "logged_out"]]);
});

Deno.test("a session that a new login ended, or that never brought figures, tells nothing about how long they last", () => {
  // Beside sessions of 10 and 20 hours one of 100 hours would make 20 the usual length, and one of none 10.
  const store = history(10, 20);
  scrape(store, 134);
  noteLogin(store, after(135));
  noteLogout(store, after(136));
  noteLogin(store, after(137));
  assert.deepEqual(store.list(10).map(stateOf), [
    ["login", null],
    ["login", "logged_out"],
    ["login", "new_login"],
    ["login", "logged_out"],
    ["login", "logged_out"],
  ]);
  assert.equal(sessionAge(store.list(10), after(138))?.usualHours, 15);
});

Deno.test("another account is noticed, and its session is another one", () => {
  const store = testDatabase().stores.sessions;
  assert.equal(scrape(store, 0), false);
  assert.equal(scrape(store, 1, { account: null }), false);
  assert.equal(scrape(store, 2, { account: GRACE }), true);
  assert.equal(scrape(store, 3, { account: GRACE }), false);
  assert.deepEqual(store.list(10).map(stateOf), [["scrape", null], ["scrape", "other_account"]]);
  assert.equal(accountChange(store.list(10))?.toString(), after(2).toString());
  noteLogout(store, after(4));
  assert.equal(scrape(store, 5, { account: GRACE }), false);
  assert.equal(accountChange(store.list(10)), null);
});

Deno.test("accounts that were kept in two ways, or with two keys, cannot be told apart and are not", () => {
  const store = testDatabase().stores.sessions;
  scrape(store, 0, { account: "ada@example.test" });
  assert.equal(scrape(store, 1, { account: ADA }), false);
  assert.equal(scrape(store, 2, { account: "hmac-00000002:aaaa" }), false);
  assert.equal(store.list(10).length, 1);
});

Deno.test("the usual length is the median of the ended sessions, and the warning comes a tenth before it", () => {
  const store = history(30, 10, 20);
  const [current] = store.list(1);
  const began = current?.beganAt as Temporal.Instant;
  const at = (hours: number) => sessionAge(store.list(50), began.add({ minutes: Math.round(hours * 60) }));
  assert.equal(at(1)?.usualHours, 20);
  assert.equal(at(17.9)?.isDue, false);
  assert.equal(at(18)?.isDue, true);
  assert.equal(at(25)?.isDue, true);
  assert.equal(at(18)?.endsAt?.toString(), began.add({ hours: 20 }).toString());
});

Deno.test("of an even number of sessions the usual length lies between the two in the middle", () => {
  const store = history(10, 20);
  assert.equal(sessionAge(store.list(50), after(40))?.usualHours, 15);
});

Deno.test("one session says nothing about the next; its cookie's end does, a day ahead", () => {
  const store = history(5);
  const [current] = store.list(1);
  const began = current?.beganAt as Temporal.Instant;
  store.update(2, { lastGoodAt: began, expiresAt: began.add({ hours: 100 }), account: null });
  const at = (hours: number) => sessionAge(store.list(50), began.add({ hours }));
  assert.deepEqual([at(7)?.usualHours, at(7)?.isDue], [null, false]);
  assert.deepEqual([at(75)?.isDue, at(76)?.isDue], [false, true]);
});

Deno.test("without a session there is no age", () => {
  const store = history();
  noteLogout(store, after(1));
  assert.equal(sessionAge(store.list(10), after(2)), null);
});
