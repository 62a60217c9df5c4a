import { LoginSlowdown } from "../../../ui/web/auth.ts";
import { FakeTime } from "../../fake_time.ts";
import assert from "node:assert/strict";

const NOON = "2026-11-21T12:00:00Z";

function slowed(failures: number) {
  const clock = new FakeTime(NOON);
  const slowdown = new LoginSlowdown({ clock });
  for (let count = 0; count < failures; count++) slowdown.failed("10.0.0.7");
  return { clock, slowdown };
}

Deno.test("four wrong logins cost nothing, then the wait doubles up to a minute", () => {
  const waits = [4, 5, 6, 7, 10, 11, 12, 500].map((failures) => slowed(failures).slowdown.waitMs("10.0.0.7"));
  assert.deepEqual(waits, [0, 1_000, 2_000, 4_000, 32_000, 60_000, 60_000, 60_000]);
});

Deno.test("the wait passes with time, is that address's own, and ends with a right login", () => {
  const { clock, slowdown } = slowed(7);
  clock.set("2026-11-21T12:00:03Z");
  assert.equal(slowdown.waitMs("10.0.0.7"), 1_000);
  assert.equal(slowdown.waitMs("10.0.0.8"), 0);
  clock.set("2026-11-21T12:00:04Z");
  assert.equal(slowdown.waitMs("10.0.0.7"), 0);
  slowdown.succeeded("10.0.0.7");
  assert.equal(slowdown.failed("10.0.0.7"), 1);
});

Deno.test("an address begins anew after a quarter of an hour, and when the clock was set back", () => {
  const { clock, slowdown } = slowed(9);
  clock.set("2026-11-21T12:15:01Z");
  assert.equal(slowdown.failed("10.0.0.7"), 1);
  const back = slowed(9);
  back.clock.set("2026-11-20T12:00:00Z");
  assert.equal(back.slowdown.waitMs("10.0.0.7"), 0);
});

Deno.test("only the thousand addresses that failed last are known", () => {
  const { slowdown } = slowed(9);
  for (let index = 0; index < 999; index++) slowdown.failed(`10.1.${index >> 8}.${index & 255}`);
  assert.ok(slowdown.waitMs("10.0.0.7") > 0);
  slowdown.failed("10.2.0.1");
  assert.equal(slowdown.waitMs("10.0.0.7"), 0);
});
