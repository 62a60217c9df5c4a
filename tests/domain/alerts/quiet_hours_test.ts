import { quietUntil } from "../../../domain/alerts/delivery.ts";
import assert from "node:assert/strict";

function until(now: string, hours: string, timeZone = "UTC"): string | null {
  const [from = "", to = ""] = hours.split("-");
  const quietHours = { from: Temporal.PlainTime.from(from), to: Temporal.PlainTime.from(to) };
  return quietUntil(Temporal.Instant.from(now), { quietHours, timeZone })?.toString() ?? null;
}

Deno.test("quiet hours over midnight begin in the evening and end in the morning", () => {
  assert.equal(until("2026-11-21T21:59:59Z", "22:00-07:00"), null);
  assert.equal(until("2026-11-21T22:00:00Z", "22:00-07:00"), "2026-11-22T07:00:00Z");
  assert.equal(until("2026-11-22T06:59:59Z", "22:00-07:00"), "2026-11-22T07:00:00Z");
  assert.equal(until("2026-11-22T07:00:00Z", "22:00-07:00"), null);
});

Deno.test("quiet hours within a day, up to midnight, and none at all", () => {
  assert.equal(until("2026-11-21T12:30:00Z", "12:00-13:00"), "2026-11-21T13:00:00Z");
  assert.equal(until("2026-11-21T13:00:00Z", "12:00-13:00"), null);
  assert.equal(until("2026-11-21T23:00:00Z", "22:00-00:00"), "2026-11-22T00:00:00Z");
  assert.equal(until("2026-11-22T00:00:00Z", "22:00-00:00"), null);
  assert.equal(quietUntil(Temporal.Instant.from("2026-11-22T00:00:00Z"), { quietHours: null, timeZone: "UTC" }), null);
});

Deno.test("they are hours of the zone's wall clock, also in the nights when clocks change", () => {
  // Berlin goes back from 3 to 2 on 25 October 2026, and forward from 2 to 3 on 28 March 2027.
  assert.equal(until("2026-10-24T20:30:00Z", "22:00-07:00", "Europe/Berlin"), "2026-10-25T06:00:00Z");
  assert.equal(until("2027-03-27T21:30:00Z", "22:00-07:00", "Europe/Berlin"), "2027-03-28T05:00:00Z");
  // An end in the hour that is skipped is the moment after it.
  assert.equal(until("2027-03-28T00:30:00Z", "01:00-02:30", "Europe/Berlin"), "2027-03-28T01:30:00Z");
});
