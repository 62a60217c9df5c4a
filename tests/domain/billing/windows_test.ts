import {
  endOfMonth,
  latestMonths,
  MAX_WINDOW_DAYS,
  monthWindows,
  rangeWindows,
  startOfMonth,
  windowsUntil,
} from "../../../domain/billing/month.ts";
import fc from "fast-check";
import assert from "node:assert/strict";

const DAY_MS = 86_400_000;
const month = fc.record({ year: fc.integer({ min: 1990, max: 2100 }), month: fc.integer({ min: 1, max: 12 }) })
  .map((fields) => Temporal.PlainYearMonth.from(fields));

function ms(text: string): number {
  return Temporal.Instant.from(text).epochMilliseconds;
}

Deno.test("monthWindows() splits a month of 31 days after the 15th, to the millisecond", () => {
  assert.deepEqual(monthWindows(Temporal.PlainYearMonth.from("2026-01")), [
    { startMs: ms("2026-01-01T00:00:00.000Z"), endMs: ms("2026-01-15T23:59:59.999Z") },
    { startMs: ms("2026-01-16T00:00:00.000Z"), endMs: ms("2026-01-31T23:59:59.999Z") },
  ]);
});

Deno.test("monthWindows() knows leap years", () => {
  assert.equal(monthWindows(Temporal.PlainYearMonth.from("2028-02"))[1].endMs, ms("2028-02-29T23:59:59.999Z"));
});

Deno.test("monthWindows() leaves no hole and no overlap, in any month", () => {
  fc.assert(fc.property(month, (month) => {
    const [first, second] = monthWindows(month);
    assert.equal(first.startMs, startOfMonth(month).epochMilliseconds);
    assert.equal(second.startMs, first.endMs + 1);
    assert.equal(second.endMs + 1, endOfMonth(month).epochMilliseconds);
    for (const { startMs, endMs } of [first, second]) assert.ok(endMs - startMs < MAX_WINDOW_DAYS * DAY_MS);
  }));
});

Deno.test("rangeWindows() covers any stretch of time with windows of at most 30 days", () => {
  fc.assert(fc.property(fc.nat(2 ** 40), fc.nat(200 * DAY_MS), (startMs, lengthMs) => {
    const windows = rangeWindows({ startMs, endMs: startMs + lengthMs });
    assert.equal(windows[0]?.startMs, startMs);
    assert.equal(windows.at(-1)?.endMs, startMs + lengthMs);
    for (const [index, window] of windows.entries()) {
      assert.ok(window.endMs - window.startMs < MAX_WINDOW_DAYS * DAY_MS);
      if (index > 0) assert.equal(window.startMs, (windows[index - 1]?.endMs ?? 0) + 1);
    }
  }));
});

Deno.test("windowsUntil() leaves the future out", () => {
  const windows = monthWindows(Temporal.PlainYearMonth.from("2026-01"));
  assert.deepEqual(windowsUntil(windows, Temporal.Instant.from("2026-01-03T12:00:00Z")), [
    { startMs: ms("2026-01-01T00:00:00Z"), endMs: ms("2026-01-03T12:00:00Z") },
  ]);
  assert.deepEqual(windowsUntil(windows, Temporal.Instant.from("2026-02-03T12:00:00Z")), windows);
});

Deno.test("latestMonths() counts the current month in, and crosses years", () => {
  const months = latestMonths(Temporal.Instant.from("2026-02-24T16:30:00Z"), 3);
  assert.deepEqual(months.map(String), ["2025-12", "2026-01", "2026-02"]);
});

Deno.test("latestMonths() refuses less than one month", () => {
  const now = Temporal.Instant.from("2026-02-24T16:30:00Z");
  assert.throws(() => latestMonths(now, 0), /'count' must be a positive integer: current value is 0/);
});
