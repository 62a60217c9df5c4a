import { UNKNOWN_TOKENS } from "../../../domain/events/event.ts";
import { eventsAfter, mergeEvents, numberOccurrences } from "../../../domain/events/merge.ts";
import { makeEvent, tokens, totalOnly } from "./make_event.ts";
import assert from "node:assert/strict";

Deno.test("a window that is read again doubles nothing and changes nothing", () => {
  const events = [makeEvent(), makeEvent({ at: "2026-11-20T10:05:00Z" })];
  const changes = mergeEvents(events, events);
  assert.deepEqual([changes.added.length, changes.updated.length, changes.unchanged.length], [0, 0, 2]);
});

Deno.test("the same figures read again later only move the time of reading", () => {
  const later = makeEvent({ readAt: "2026-11-21T12:00:00Z" });
  const { added, updated, confirmed } = mergeEvents([makeEvent()], [later]);
  assert.deepEqual([added.length, updated.length, confirmed.length], [0, 0, 1]);
  assert.equal(confirmed[0]?.after.cost.readAt.toString(), "2026-11-21T12:00:00Z");
});

Deno.test("equal events of one window stay apart, however often it is read", () => {
  const window = [makeEvent(), makeEvent(), makeEvent()];
  const once = eventsAfter(mergeEvents([], window));
  const twice = eventsAfter(mergeEvents(once, window));
  assert.equal(twice.length, 3);
  assert.deepEqual(numberOccurrences(twice).map(({ occurrence }) => occurrence), [1, 2, 3]);
});

Deno.test("a window with fewer equal events drops none", () => {
  const once = eventsAfter(mergeEvents([makeEvent(), makeEvent()], [makeEvent()]));
  assert.equal(once.length, 2);
});

Deno.test("events that differ in time, user, model or tokens are different events", () => {
  const others = [
    makeEvent({ at: "2026-11-20T10:00:00.124Z" }),
    makeEvent({ user: "ann@example.org" }),
    makeEvent({ model: "model-b" }),
    makeEvent({ tokens: tokens(20, 10, 30, 40) }),
  ];
  assert.equal(mergeEvents([makeEvent()], others).added.length, 4);
});

Deno.test("a cost that changed updates the event and adds none", () => {
  const old = makeEvent({ api: 50_000, readAt: "2026-11-20T12:00:00Z" });
  const changes = mergeEvents([old], [makeEvent({ api: 70_000, readAt: "2026-11-21T12:00:00Z" })]);
  assert.equal(changes.added.length, 0);
  assert.equal(changes.updated[0]?.before, old);
  assert.equal(changes.updated[0]?.after.cost.api, 70_000);
});

Deno.test("an older reading that comes later does not bring an old cost back", () => {
  const newer = makeEvent({ api: 70_000, readAt: "2026-11-21T12:00:00Z" });
  const changes = mergeEvents([newer], [makeEvent({ api: 50_000, readAt: "2026-11-20T12:00:00Z" })]);
  assert.deepEqual([changes.added.length, changes.updated.length], [0, 0]);
});

Deno.test("a zeroed cost never replaces a known one", () => {
  const known = makeEvent({ api: 190_000 });
  const changes = mergeEvents([known], [makeEvent({ api: null, source: "dashboard", readAt: "2026-12-01T00:00:00Z" })]);
  assert.equal(eventsAfter(changes)[0]?.cost.api, 190_000);
});

Deno.test("the exact amount of the JSON stays beside the rounded one of a later CSV export", () => {
  const exact = makeEvent({ api: 181_680, source: "dashboard" });
  const changes = mergeEvents([exact], [makeEvent({ api: 180_000, readAt: "2026-12-01T00:00:00Z" })]);
  assert.equal(eventsAfter(changes)[0]?.cost.api, 181_680);
});

Deno.test("'Included' that became an amount is marked as restated, in either order", () => {
  const before = makeEvent({ api: null, saidIncluded: true, readAt: "2026-11-20T12:00:00Z" });
  const after = makeEvent({ api: 190_000, readAt: "2026-11-25T12:00:00Z" });
  for (const [first, second] of [[before, after], [after, before]] as const) {
    const [event] = eventsAfter(mergeEvents([first], [second]));
    assert.equal(event?.restatedFrom, "included");
    assert.equal(event?.cost.api, 190_000);
    assert.equal(event?.charged, null);
  }
  assert.equal(before.restatedFrom, null);
});

Deno.test("a bare total and the counts that add up to it are one event", () => {
  const bare = makeEvent({ tokens: totalOnly(100) });
  const counted = makeEvent({ tokens: tokens(10, 20, 30, 40) });
  for (const [first, second] of [[bare, counted], [counted, bare]] as const) {
    const merged = eventsAfter(mergeEvents([first], [second]));
    assert.equal(merged.length, 1);
    assert.equal(merged[0]?.tokens.cacheRead, 30);
  }
  assert.equal(eventsAfter(mergeEvents([makeEvent({ tokens: totalOnly(101) })], [counted])).length, 2);
});

Deno.test("tokens that come later complete the event that had none", () => {
  const blank = makeEvent({ tokens: UNKNOWN_TOKENS });
  const merged = eventsAfter(mergeEvents([blank], [makeEvent()]));
  assert.equal(merged.length, 1);
  assert.equal(merged[0]?.tokens.total, 100);
});

Deno.test("one blank event beside a counted one in the same window are two events", () => {
  const window = [makeEvent({ tokens: UNKNOWN_TOKENS }), makeEvent()];
  const merged = eventsAfter(mergeEvents(eventsAfter(mergeEvents([makeEvent()], window)), window));
  assert.equal(merged.length, 2);
});

Deno.test("an unknown kind gives way to a known one, and what is billed follows the kind", () => {
  const unknown = makeEvent({ kind: "unknown", readAt: "2026-11-25T12:00:00Z" });
  const billed = makeEvent({ kind: "usage_based" });
  const [event] = eventsAfter(mergeEvents([unknown], [billed]));
  assert.deepEqual([unknown.charged, unknown.costBasis], [null, "unknown"]);
  assert.deepEqual([event?.kind.kind, event?.charged, event?.costBasis], ["usage_based", 50_000, "billed"]);
});

Deno.test("errored, aborted, included and unknown kinds are never billed, whatever stands beside them", () => {
  for (const kind of ["errored", "aborted", "included_in_pro", "free_credit", "user_api_key", "unknown"] as const) {
    const event = makeEvent({ kind, api: 4_110_000, stated: 4_110_000 });
    assert.equal(event.charged, null, kind);
    assert.equal(event.costBasis, kind === "unknown" ? "unknown" : "included", kind);
  }
});
