import { UNKNOWN_TOKENS, type UsageEvent, usageEvent } from "../../../domain/events/event.ts";
import { eventsAfter, mergeEvents } from "../../../domain/events/merge.ts";
import { joinPages } from "../../../domain/events/pages.ts";
import { propertyRuns } from "../property_runs.ts";
import { makeEvent, sortEvents, tokens, totalOnly } from "./make_event.ts";
import fc from "fast-check";
import assert from "node:assert/strict";

const START = Temporal.Instant.from("2026-11-01T00:00:00Z");

/** What truly happened: few times, models and counts, so that equal events are common. */
const truth = fc.array(
  fc.record({ second: fc.nat(12), model: fc.constantFrom("model-a", "model-b"), read: fc.nat(1), cost: fc.nat(3) }),
  { maxLength: 25 },
).map((list) =>
  list.map(({ second, model, read, cost }) =>
    makeEvent({
      at: START.add({ seconds: second }).toString(),
      model,
      tokens: tokens(1, 2, read, 4),
      api: (cost + 1) * 10_000,
    })
  )
);

/** A window over the truth, as an export of some generation shows it: complete between its bounds. */
const view = fc.record({
  from: fc.nat(12),
  length: fc.nat(12),
  readSecond: fc.integer({ min: 100, max: 100_000 }),
  generation: fc.constantFrom("included", "amounts", "totals only", "no tokens"),
});

function windowOf(events: readonly UsageEvent[], { from, length, readSecond, generation }: FcView): UsageEvent[] {
  const readAt = START.add({ seconds: readSecond });
  const second = (event: UsageEvent) => START.until(event.at).total("seconds");
  return events.filter((event) => second(event) >= from && second(event) <= from + length).map((event) => {
    const isIncluded = generation === "included";
    const shown = generation === "totals only"
      ? totalOnly(event.tokens.total ?? 0)
      : generation === "no tokens"
      ? UNKNOWN_TOKENS
      : event.tokens;
    const cost = { ...event.cost, readAt, ...(isIncluded ? { api: null, stated: null } : {}) };
    return usageEvent({ ...event, tokens: shown, cost, kind: { ...event.kind, readAt }, saidIncluded: isIncluded });
  });
}

type FcView = { from: number; length: number; readSecond: number; generation: string };

/** Everything about the events but when they were read. */
function figures(events: readonly UsageEvent[]): string[] {
  return sortEvents(events).map((event) =>
    JSON.stringify([event.at, event.model, event.tokens, event.cost.api, event.kind.kind, event.restatedFrom])
  );
}

function mergeAll(windows: readonly (readonly UsageEvent[])[]): UsageEvent[] {
  return windows.reduce<UsageEvent[]>((known, window) => eventsAfter(mergeEvents(known, window)), []);
}

Deno.test("overlapping windows of shuffled rows in any order give the truth, to the event and the cent", () => {
  const cases = truth.chain((events) =>
    fc.record({
      events: fc.constant(events),
      views: fc.array(view.filter(({ generation }) => generation === "included" || generation === "amounts")),
      order: fc.infiniteStream(fc.nat()),
    })
  );
  fc.assert(
    fc.property(cases, ({ events, views, order }) => {
      const whole: FcView = { from: 0, length: 12, readSecond: 50, generation: "amounts" };
      const windows = [whole, ...views].map((each) => windowOf(events, each));
      const key = () => order.next().value ?? 0;
      const shuffled = windows.map((window) => ({ window: shuffle(window, key), at: key() }));
      shuffled.sort((a, b) => a.at - b.at);
      const merged = mergeAll([...shuffled, ...shuffled.slice(0, 2)].map(({ window }) => window));
      const plain = (list: readonly UsageEvent[]) => list.map((event) => usageEvent({ ...event, saidIncluded: false }));
      assert.deepEqual(figures(plain(merged)), figures(events));
    }),
    { numRuns: propertyRuns(1000) },
  );
});

Deno.test("exports of all generations in two orders count the same events and the same known tokens", () => {
  const cases = fc.record({
    events: truth,
    views: fc.array(view, { maxLength: 6 }),
    order: fc.infiniteStream(fc.nat()),
  });
  fc.assert(
    fc.property(cases, ({ events, views, order }) => {
      const windows = views.map((each) => windowOf(events, each));
      const counts = (list: readonly UsageEvent[]) =>
        list.map(({ at, model, tokens }) => JSON.stringify([at, model, tokens])).sort();
      const other = shuffle(windows, () => order.next().value ?? 0);
      const merged = mergeAll(windows);
      assert.deepEqual(counts(mergeAll(other)), counts(merged));
      assert.ok(merged.length <= events.length, "no event was invented");
      for (const window of windows) assert.ok(merged.length >= window.length, "no event was dropped");
    }),
    { numRuns: propertyRuns(1000) },
  );
});

Deno.test("a window read in pages of any size, some of them twice, is the window", () => {
  const cases = fc.record({ events: truth, size: fc.integer({ min: 1, max: 9 }), again: fc.array(fc.nat(30)) });
  fc.assert(
    fc.property(cases, ({ events, size, again }) => {
      const newestFirst = sortEvents(events).reverse();
      const total = events.length;
      const pages = Array.from({ length: Math.ceil(total / size) }, (_, place) => ({
        page: place + 1,
        total,
        events: newestFirst.slice(place * size, (place + 1) * size),
      }));
      const repeated = again.flatMap((place) => pages[place] ?? []);
      const joined = joinPages([...pages, ...repeated]);
      assert.deepEqual(joined.events, newestFirst);
      assert.equal(joined.isComplete, total > 0);
    }),
    { numRuns: propertyRuns(1000) },
  );
});

function shuffle<T>(items: readonly T[], key: () => number): T[] {
  return items.map((item) => ({ item, at: key() })).sort((a, b) => a.at - b.at).map(({ item }) => item);
}
