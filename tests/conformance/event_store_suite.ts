import type { EventStore } from "../../domain/events/event.ts";
import { countsOf, makeEvent } from "../domain/events/make_event.ts";
import assert from "node:assert/strict";

/** What every store of events does. */
export function eventStoreSuite(name: string, withStore: (use: (store: EventStore) => void) => void): void {
  const test = (what: string, body: () => void) => Deno.test(`${name}: ${what}`, body);

  test("a window that is read again doubles nothing, and what it restates is updated", () => {
    const twins = [makeEvent({ api: null, saidIncluded: true }), makeEvent({ api: null, saidIncluded: true })];
    const later = "2026-11-20T13:00:00Z";
    withStore((store) => {
      assert.deepEqual(countsOf(store.merge(twins)), { added: 2, updated: 0, known: 0 });
      assert.deepEqual(countsOf(store.merge(twins)), { added: 0, updated: 0, known: 2 });
      const restated = [makeEvent({ api: 190_000, readAt: later }), makeEvent({ api: null, readAt: later })];
      assert.deepEqual(countsOf(store.merge(restated)), { added: 0, updated: 1, known: 1 });
      const events = [...store.read()];
      assert.deepEqual(events.map(({ cost }) => cost.api).sort(), [190_000, null].sort());
      assert.equal(events.find(({ cost }) => cost.api !== null)?.restatedFrom, "included");
    });
  });

  test("a merge tells since when own events are others: new ones and restated ones, not those of other people", () => {
    const first = makeEvent({ at: "2026-11-20T09:00:00Z", api: null });
    const second = makeEvent({ at: "2026-11-20T10:00:00Z" });
    const others = makeEvent({ at: "2026-11-20T08:00:00Z", user: "ann@example.com" });
    const restated = makeEvent({ at: "2026-11-20T09:00:00Z", api: 10_000, readAt: "2026-11-20T13:00:00Z" });
    withStore((store) => {
      const since = (...window: Parameters<EventStore["merge"]>[0]) =>
        store.merge(window).changedFrom?.toString() ?? null;
      assert.equal(since(second, first, others), "2026-11-20T09:00:00Z");
      assert.equal(since(second, first, others), null);
      assert.equal(since(second, restated), "2026-11-20T09:00:00Z");
    });
  });

  test("a range is read from its start up to, not including, its end", () => {
    const at = (hour: number) => `2026-11-20T1${hour}:00:00Z`;
    withStore((store) => {
      store.merge([0, 1, 2].map((hour) => makeEvent({ at: at(hour) })));
      const range = { from: Temporal.Instant.from(at(1)), to: Temporal.Instant.from(at(2)) };
      assert.deepEqual([...store.read(range)].map((event) => event.at.toString()), [at(1)]);
    });
  });

  test("a replayed reading decides against what the same reading said before, and against no other", () => {
    const wrong = makeEvent({ api: 900_000, source: "dashboard", readAt: "2026-11-20T12:00:00Z" });
    const right = makeEvent({ api: 90_000, source: "dashboard", readAt: "2026-11-20T12:00:00Z" });
    const newer = makeEvent({ api: 80_000, source: "dashboard", readAt: "2026-11-20T18:00:00Z" });
    withStore((store) => {
      store.merge([wrong]);
      store.merge([right]);
      assert.deepEqual([...store.read()].map(({ cost }) => cost.api), [900_000]);
      assert.deepEqual(countsOf(store.merge([right], { isReplay: true })), { added: 0, updated: 1, known: 0 });
      assert.deepEqual([...store.read()].map(({ cost }) => cost.api), [90_000]);
      store.merge([newer]);
      assert.deepEqual(countsOf(store.merge([right], { isReplay: true })), { added: 0, updated: 0, known: 1 });
      assert.deepEqual([...store.read()].map(({ cost }) => cost.api), [80_000]);
    });
  });
}
