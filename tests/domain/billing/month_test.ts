import { type FetchedWindow, fileMonth, isComplete, monthName, parseFileMonth } from "../../../domain/billing/month.ts";
import assert from "node:assert/strict";

const JANUARY = Temporal.PlainYearMonth.from("2026-01");
const PROVEN: FetchedWindow = { startMs: 0, endMs: 1, reportedEvents: 3, events: 3, isProven: true };

Deno.test("isComplete() waits until more than 48 hours have passed since the month's end", () => {
  const at = (time: string) => isComplete(JANUARY, { fetchedAt: Temporal.Instant.from(time), windows: [PROVEN] });
  assert.equal(at("2026-01-31T23:00:00Z"), false);
  assert.equal(at("2026-02-03T00:00:00Z"), false);
  assert.equal(at("2026-02-03T00:00:00.001Z"), true);
});

Deno.test("isComplete() wants every window proven", () => {
  const fetchedAt = Temporal.Instant.from("2026-06-01T00:00:00Z");
  assert.equal(isComplete(JANUARY, { fetchedAt, windows: [PROVEN, { ...PROVEN, isProven: false }] }), false);
  assert.equal(isComplete(JANUARY, { fetchedAt, windows: [] }), false);
});

Deno.test("months are written as in file names and for people", () => {
  assert.equal(fileMonth(JANUARY), "01-2026");
  assert.equal(monthName(JANUARY), "January 2026");
  assert.ok(parseFileMonth("01-2026")?.equals(JANUARY));
  for (const text of ["13-2026", "1-2026", "2026-01", "00-2026", "01-2026x"]) assert.equal(parseFileMonth(text), null);
});
