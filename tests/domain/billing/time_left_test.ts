import { TimeLeft, timeLeftText } from "../../../domain/billing/fetch.ts";
import { FakeTime } from "../../fake_time.ts";
import assert from "node:assert/strict";

Deno.test("TimeLeft goes by the pace since it began to be watched", () => {
  const time = new FakeTime("2026-03-20T12:00:00Z");
  const left = new TimeLeft(time);
  // The fetch is resumed at one half.
  assert.equal(left.at(0.5), null);
  time.set("2026-03-20T12:01:00Z");
  assert.equal(left.at(0.6), 4 * 60_000);
  assert.equal(left.at(1), 0);
});

Deno.test("TimeLeft tells nothing where nothing has moved", () => {
  const time = new FakeTime("2026-03-20T12:00:00Z");
  const left = new TimeLeft(time);
  assert.equal(left.at(0), null);
  assert.equal(left.at(0.1), null);
  time.set("2026-03-20T12:01:00Z");
  assert.equal(left.at(0), null);
});

Deno.test("timeLeftText() is as exact as an estimate can be", () => {
  const texts = [null, 100, 89_000, 90_000, 89 * 60_000, 90 * 60_000, 41 * 3_600_000].map(timeLeftText);
  assert.deepEqual(texts, [
    "",
    "about 1 s left",
    "about 89 s left",
    "about 2 min left",
    "about 89 min left",
    "about 2 h left",
    "about 41 h left",
  ]);
});
