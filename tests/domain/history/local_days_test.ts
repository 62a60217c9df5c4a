import { LocalDays } from "../../../domain/history/local_days.ts";
import { assertSame } from "../../assert_same.ts";
import { instant } from "./snapshots.ts";
import assert from "node:assert/strict";

const HOUR_MS = 3_600_000;

function hours(timeZone: string, from: string, to: string): string[] {
  return new LocalDays(timeZone).slices(instant(from), instant(to)).map(({ date, lengthMs }) =>
    `${date} ${lengthMs / HOUR_MS}`
  );
}

Deno.test("slices() cuts a span at local midnights", () => {
  // Midnight in Kathmandu (UTC+5:45) is 18:15 UTC.
  assertSame(hours("Asia/Kathmandu", "2026-11-01T12:15Z", "2026-11-02T20:15Z"), [
    "2026-11-01 6",
    "2026-11-02 24",
    "2026-11-03 2",
  ]);
});

Deno.test("slices() knows days of 23, 25 and 24 and a half hours", () => {
  assertSame(hours("Europe/Berlin", "2026-03-28T23:00Z", "2026-03-29T22:00Z"), ["2026-03-29 23"]);
  assertSame(hours("Europe/Berlin", "2026-10-24T22:00Z", "2026-10-25T23:00Z"), ["2026-10-25 25"]);
  assertSame(hours("Australia/Lord_Howe", "2026-04-04T13:00Z", "2026-04-05T13:30Z"), ["2026-04-05 24.5"]);
});

Deno.test("slices() gives a span without length to the day of its end, and one that runs backwards too", () => {
  assertSame(hours("UTC", "2026-11-02T00:00Z", "2026-11-02T00:00Z"), ["2026-11-02 0"]);
  assertSame(hours("UTC", "2026-11-03T00:00Z", "2026-11-02T05:00Z"), ["2026-11-02 0"]);
});

Deno.test("dateOf() gives midnight to the day that it begins", () => {
  const days = new LocalDays("America/New_York");
  assert.equal(days.dateOf(instant("2026-11-21T04:59:59Z")), "2026-11-20");
  assert.equal(days.dateOf(instant("2026-11-21T05:00:00Z")), "2026-11-21");
});
