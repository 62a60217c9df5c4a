import { joinPages } from "../../../domain/events/pages.ts";
import { makeEvent } from "./make_event.ts";
import assert from "node:assert/strict";

const at = (second: number) =>
  makeEvent({ at: Temporal.Instant.fromEpochMilliseconds(1e12 + second * 1000).toString() });
const seconds = (events: readonly { at: Temporal.Instant }[]) =>
  events.map((event) => (event.at.epochMilliseconds - 1e12) / 1000);

Deno.test("pages are joined in order, and a short page before the last ends nothing", () => {
  const { events, isComplete } = joinPages([
    { page: 2, total: 5, events: [at(3)] },
    { page: 1, total: 5, events: [at(5), at(4)] },
    { page: 3, total: 5, events: [at(2), at(1)] },
  ]);
  assert.deepEqual(seconds(events), [5, 4, 3, 2, 1]);
  assert.equal(isComplete, true);
});

Deno.test("a page that was read twice counts once", () => {
  const page = { page: 1, total: 2, events: [at(2), at(1)] };
  assert.deepEqual(seconds(joinPages([page, page]).events), [2, 1]);
});

Deno.test("an event that arrived between two pages does not double the one that it pushed over", () => {
  const { events, isComplete } = joinPages([
    { page: 1, total: 4, events: [at(4), at(3)] },
    { page: 2, total: 5, events: [at(3), at(2)] },
    { page: 3, total: 5, events: [at(1)] },
  ]);
  assert.deepEqual(seconds(events), [4, 3, 2, 1]);
  assert.equal(isComplete, true);
});

Deno.test("equal events on both sides of a page's end stay two while the total stands still", () => {
  const { events, isComplete } = joinPages([
    { page: 1, total: 4, events: [at(4), at(3)] },
    { page: 2, total: 4, events: [at(3), at(2)] },
  ]);
  assert.deepEqual(seconds(events), [4, 3, 3, 2]);
  assert.equal(isComplete, true);
});

Deno.test("a window without all its pages, or without a total, is not complete", () => {
  assert.equal(joinPages([{ page: 1, total: 3, events: [at(3), at(2)] }]).isComplete, false);
  assert.equal(joinPages([{ page: 1, total: null, events: [at(3)] }]).isComplete, false);
  assert.equal(joinPages([]).isComplete, false);
});
