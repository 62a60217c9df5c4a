import { timeSlices } from "../../../domain/events/pages.ts";
import { makeEvent } from "./make_event.ts";
import assert from "node:assert/strict";

Deno.test("a window is cut between moments only, oldest first", () => {
  const seconds = [3, 1, 1, 1, 2, 0];
  const events = seconds.map((second) => makeEvent({ at: `2026-11-20T10:00:0${second}Z` }));
  const slices = [...timeSlices(events, 2)].map((slice) => slice.map(({ at }) => at.toZonedDateTimeISO("UTC").second));
  assert.deepEqual(slices, [[0, 1, 1, 1], [2, 3]]);
  assert.deepEqual([...timeSlices([], 2)], []);
});
