import { dailyAt, every, sundaysAt, tickKey } from "../../jobs/schedule.ts";
import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";

const at = (text: string) => Temporal.Instant.from(text);

Deno.test("every() writes cron text for minutes, hours and a day", () => {
  deepStrictEqual([1, 15, 60, 120, 1440].map((minutes) => every(minutes).cron), [
    "* * * * *",
    "*/15 * * * *",
    "0 * * * *",
    "0 */2 * * *",
    "0 0 * * *",
  ]);
});

Deno.test("every() finds the newest tick that is not after now", () => {
  const due = (minutes: number, now: string) => every(minutes).lastDue(at(now)).toString();
  strictEqual(due(60, "2026-11-21T19:59:59.999Z"), "2026-11-21T19:00:00Z");
  strictEqual(due(60, "2026-11-21T19:00:00Z"), "2026-11-21T19:00:00Z");
  strictEqual(due(15, "2026-11-21T00:14:59Z"), "2026-11-21T00:00:00Z");
  strictEqual(due(360, "2026-11-21T19:30:00Z"), "2026-11-21T18:00:00Z");
  strictEqual(due(1440, "2026-03-01T00:00:00Z"), "2026-03-01T00:00:00Z");
});

Deno.test("every() refuses minutes that do not divide an hour or a day", () => {
  for (const minutes of [0, -5, 7, 45, 90, 300, 2880, 1.5, NaN]) {
    throws(() => every(minutes), { name: "RangeError", message: new RegExp(`current value is ${minutes}$`) });
  }
});

Deno.test("dailyAt() is due at that time of the day, UTC", () => {
  const cadence = dailyAt("07:30");
  strictEqual(cadence.cron, "30 7 * * *");
  strictEqual(cadence.lastDue(at("2026-03-01T07:29:59Z")).toString(), "2026-02-28T07:30:00Z");
  strictEqual(cadence.lastDue(at("2026-03-01T07:30:00Z")).toString(), "2026-03-01T07:30:00Z");
  strictEqual(dailyAt("00:00").lastDue(at("2026-03-01T23:59:00Z")).toString(), "2026-03-01T00:00:00Z");
});

Deno.test("dailyAt() refuses what is no time of a day", () => {
  for (const text of ["7:30", "24:00", "12:60", "noon", ""]) throws(() => dailyAt(text), /must be HH:MM/);
});

Deno.test("tickKey() names the tick to the minute", () => {
  strictEqual(tickKey(at("2026-11-21T19:00:00Z")), "2026-11-21T19:00Z");
});

Deno.test("the next tick comes after now, even where now is a tick", () => {
  strictEqual(every(60).nextDue(at("2026-11-21T19:00:00Z")).toString(), "2026-11-21T20:00:00Z");
  strictEqual(every(15).nextDue(at("2026-11-21T23:50:00Z")).toString(), "2026-11-22T00:00:00Z");
  strictEqual(dailyAt("04:20").nextDue(at("2026-11-21T04:19:59Z")).toString(), "2026-11-21T04:20:00Z");
  strictEqual(dailyAt("04:20").nextDue(at("2026-11-21T04:20:00Z")).toString(), "2026-11-22T04:20:00Z");
});

Deno.test("a weekly cadence is due on Sundays", () => {
  const weekly = sundaysAt("05:10");
  strictEqual(weekly.cron, "10 5 * * SUN");
  const due = (now: string) => weekly.lastDue(Temporal.Instant.from(now)).toString();
  // 22 November 2026 is a Sunday.
  strictEqual(due("2026-11-22T05:10:00Z"), "2026-11-22T05:10:00Z");
  strictEqual(due("2026-11-22T05:09:59Z"), "2026-11-15T05:10:00Z");
  strictEqual(due("2026-11-28T23:00:00Z"), "2026-11-22T05:10:00Z");
  strictEqual(weekly.nextDue(at("2026-11-22T05:10:00Z")).toString(), "2026-11-29T05:10:00Z");
  strictEqual(weekly.nextDue(at("2026-11-22T05:09:59Z")).toString(), "2026-11-22T05:10:00Z");
});
