import { KEPT_CAPTURES, KEPT_FAILURES } from "../../domain/capture/capture.ts";
import { captureOf } from "../domain/capture/capture_of.ts";
import type { Test } from "./suite.ts";
import assert from "node:assert/strict";

const AT = Temporal.Instant.from("2026-11-21T19:00:00.125Z");
const PAGE = { screenshot: new Uint8Array([137, 80, 78, 71]), html: "<p>Sign in</p>" };

/** What every store of sessions and of failed pages must do. */
export function sessionsAndFailedPages(test: Test): void {
  sessionsOf(test);
  failedPages(test);
}

function sessionsOf(test: Test): void {
  test("a session is kept as it began, went on and ended", ({ stores: { sessions } }) => {
    const { id } = sessions.begin({ beganAt: AT, beganBy: "login" });
    const lastGoodAt = AT.add({ hours: 1 });
    sessions.update(id, { lastGoodAt, expiresAt: AT.add({ hours: 9 }), account: "hmac-00000001:aa" });
    sessions.end(id, { at: AT.add({ hours: 2 }), by: "logged_out" });
    sessions.begin({ beganAt: AT.add({ hours: 3 }), beganBy: "scrape" });
    const [current, ended] = sessions.list(5);
    assert.deepEqual([current?.beganBy, current?.lastGoodAt, current?.endedAt, current?.account], [
      "scrape",
      null,
      null,
      null,
    ]);
    assert.deepEqual(JSON.parse(JSON.stringify({ ...ended, id: 0 })), {
      id: 0,
      beganAt: "2026-11-21T19:00:00.125Z",
      beganBy: "login",
      lastGoodAt: "2026-11-21T20:00:00.125Z",
      expiresAt: "2026-11-22T04:00:00.125Z",
      endedAt: "2026-11-21T21:00:00.125Z",
      endedBy: "logged_out",
      account: "hmac-00000001:aa",
    });
    assert.equal(sessions.list(1).length, 1);
  });

  test("two sessions cannot go on at once", ({ stores: { sessions } }) => {
    sessions.begin({ beganAt: AT, beganBy: "login" });
    assert.throws(() => sessions.begin({ beganAt: AT, beganBy: "login" }));
  });

  test("a session is begun with its transaction or not at all", (under) => {
    assert.throws(() =>
      under.transaction(({ sessions }) => {
        sessions.begin({ beganAt: AT, beganBy: "login" });
        throw new Error("no");
      })
    );
    assert.deepEqual(under.stores.sessions.list(5), []);
  });
}

function failedPages(test: Test): void {
  test("how a failed page looked is kept beside its capture, and outlives good ones", ({ stores: { captures } }) => {
    assert.equal(captures.lastFailure(), null);
    captures.save({ ...captureOf({ at: AT }), failedPage: PAGE });
    for (let n = 1; n <= KEPT_CAPTURES + 1; n++) captures.save(captureOf({ at: AT.add({ hours: n }) }));
    const failure = captures.lastFailure();
    assert.equal(failure?.capturedAt.toString(), AT.toString());
    assert.deepEqual([...failure?.screenshot ?? []], [...PAGE.screenshot]);
    assert.equal(failure?.html, PAGE.html);
    assert.equal(failure?.evidence.pageStatus, 200);
    assert.equal(captures.list().length, KEPT_CAPTURES + 1);
    assert.equal("failedPage" in (captures.load(failure?.captureId ?? 0) ?? {}), false);
  });

  test("only the last failed pages are kept", ({ stores: { captures } }) => {
    for (let n = 0; n < KEPT_FAILURES + 3; n++) {
      captures.save({ ...captureOf({ at: AT.add({ hours: n }) }), failedPage: { screenshot: null, html: null } });
    }
    assert.equal(captures.list().length, KEPT_FAILURES);
    assert.equal(captures.lastFailure()?.capturedAt.toString(), AT.add({ hours: KEPT_FAILURES + 2 }).toString());
  });
}
