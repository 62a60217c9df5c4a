import {
  type BillingCycle,
  cycleBetween,
  cycleEnd,
  cycleOfDates,
  cycleProgress,
  cycleStart,
  isSameCycle,
  UNKNOWN_CYCLE,
} from "../../domain/cycle.ts";
import fc from "fast-check";
import assert from "node:assert/strict";

const instant = (text: string) => Temporal.Instant.from(text);
const date = (text: string) => Temporal.PlainDate.from(text);
const between = (start: string, end: string) => cycleBetween(instant(start), instant(end));
const ofDates = (start: string, end: string) => cycleOfDates(date(start), date(end));

function texts({ start, end, startAt, endAt }: BillingCycle) {
  return [start, end, startAt, endAt].map((bound) => bound?.toString() ?? null);
}

Deno.test("cycleBetween() keeps exact bounds and their UTC dates", () => {
  assert.deepEqual(texts(between("2026-11-10T12:05:41Z", "2026-12-10T12:05:41Z")), [
    "2026-11-10",
    "2026-12-10",
    "2026-11-10T12:05:41Z",
    "2026-12-10T12:05:41Z",
  ]);
  assert.deepEqual(texts(between("2026-11-10T23:30:00-05:00", "2026-12-10T23:30:00-05:00")), [
    "2026-11-11",
    "2026-12-11",
    "2026-11-11T04:30:00Z",
    "2026-12-11T04:30:00Z",
  ]);
});

Deno.test("cycleBetween() takes an end in the day's last second for the midnight after it", () => {
  for (const end of ["2026-11-30T23:59:59.999Z", "2026-11-30T23:59:59Z", "2026-12-01T00:00:00Z"]) {
    assert.deepEqual(texts(between("2026-11-01T00:00:00Z", end)).slice(1), [
      "2026-12-01",
      "2026-11-01T00:00:00Z",
      "2026-12-01T00:00:00Z",
    ], end);
  }
  assert.equal(between("2026-11-01T00:00:00Z", "2026-11-30T23:59:58.999Z").end?.toString(), "2026-11-30");
});

Deno.test("a cycle that does not last is unknown", () => {
  assert.deepEqual(between("2026-11-10T12:00:00Z", "2026-11-10T12:00:00Z"), UNKNOWN_CYCLE);
  assert.deepEqual(between("2026-12-10T12:00:00Z", "2026-11-10T12:00:00Z"), UNKNOWN_CYCLE);
  assert.deepEqual(between("2026-11-10T12:00:00Z", "2026-11-10T18:00:00Z"), UNKNOWN_CYCLE);
  assert.deepEqual(ofDates("2026-11-10", "2026-11-10"), UNKNOWN_CYCLE);
  assert.deepEqual(ofDates("2026-11-10", "2026-11-09"), UNKNOWN_CYCLE);
});

Deno.test("a cycle may have one known bound", () => {
  assert.deepEqual(texts(cycleBetween(instant("2026-11-10T12:00:00Z"), null)), [
    "2026-11-10",
    null,
    "2026-11-10T12:00:00Z",
    null,
  ]);
  assert.deepEqual(texts(cycleOfDates(null, date("2026-12-10"))), [null, "2026-12-10", null, null]);
});

Deno.test("cycleOfDates() takes a written last day as the day before the cycle's end, in months of every length", () => {
  const cases = [
    ["2026-11-01", "2026-11-30", "2026-12-01"],
    ["2026-10-01", "2026-10-31", "2026-11-01"],
    ["2026-02-01", "2026-02-28", "2026-03-01"],
    ["2028-02-01", "2028-02-29", "2028-03-01"],
    ["2026-11-10", "2026-12-09", "2026-12-10"],
    ["2026-12-15", "2027-01-14", "2027-01-15"],
    ["2026-01-31", "2026-02-27", "2026-02-28"],
  ] as const;
  for (const [start, last, end] of cases) assert.equal(ofDates(start, last).end?.toString(), end, `${start} – ${last}`);
});

Deno.test("cycleOfDates() takes an end on the first day of the next cycle as it is", () => {
  for (
    const [start, end] of [["2026-11-10", "2026-12-10"], ["2026-11-01", "2026-12-01"], ["2026-01-31", "2026-02-28"]]
  ) {
    assert.deepEqual(texts(ofDates(start ?? "", end ?? "")), [start, end, null, null]);
  }
});

Deno.test("cycleStart() and cycleEnd() prefer the exact moment over midnight UTC", () => {
  const exact = between("2026-11-10T12:05:41Z", "2026-12-10T12:05:41Z");
  assert.equal(cycleStart(exact)?.toString(), "2026-11-10T12:05:41Z");
  assert.equal(cycleEnd(exact)?.toString(), "2026-12-10T12:05:41Z");
  const dates = ofDates("2026-11-10", "2026-12-10");
  assert.equal(cycleStart(dates)?.toString(), "2026-11-10T00:00:00Z");
  assert.equal(cycleEnd(dates)?.toString(), "2026-12-10T00:00:00Z");
  assert.equal(cycleStart(UNKNOWN_CYCLE), null);
  assert.equal(cycleEnd(UNKNOWN_CYCLE), null);
});

Deno.test("isSameCycle() goes by the start's date, and unknown is the same as nothing", () => {
  const exact = between("2026-11-10T12:05:41Z", "2026-12-10T12:05:41Z");
  assert.equal(isSameCycle(exact, ofDates("2026-11-10", "2026-12-10")), true);
  assert.equal(isSameCycle(exact, ofDates("2026-12-10", "2027-01-10")), false);
  assert.equal(isSameCycle(UNKNOWN_CYCLE, UNKNOWN_CYCLE), false);
});

Deno.test("cycleProgress() counts days with their fractions", () => {
  const cycle = between("2026-11-10T12:00:00Z", "2026-12-10T12:00:00Z");
  assert.deepEqual(cycleProgress(cycle, instant("2026-11-21T18:00:00Z")), {
    daysTotal: 30,
    daysElapsed: 11.25,
    daysRemaining: 18.75,
  });
});

Deno.test("cycleProgress() never leaves the cycle", () => {
  const cycle = ofDates("2026-02-10", "2026-03-10");
  const before = { daysTotal: 28, daysElapsed: 0, daysRemaining: 28 };
  assert.deepEqual(cycleProgress(cycle, instant("2026-01-01T00:00:00Z")), before);
  const after = { daysTotal: 28, daysElapsed: 28, daysRemaining: 0 };
  assert.deepEqual(cycleProgress(cycle, instant("2026-04-01T00:00:00Z")), after);
});

Deno.test("cycleProgress() answers null for what an unknown bound leaves open", () => {
  const now = instant("2026-11-12T12:00:00Z");
  assert.deepEqual(cycleProgress(cycleBetween(instant("2026-11-10T12:00:00Z"), null), now), {
    daysTotal: null,
    daysElapsed: 2,
    daysRemaining: null,
  });
  const none = { daysTotal: null, daysElapsed: null, daysRemaining: null };
  assert.deepEqual(cycleProgress(UNKNOWN_CYCLE, now), none);
});

Deno.test("property: elapsed and remaining add up to the total at any moment", () => {
  const cycle = between("2026-11-10T12:05:41Z", "2026-12-10T12:05:41Z");
  fc.assert(fc.property(fc.integer({ min: -10_000, max: 80_000 }), (minutes) => {
    const now = instant("2026-11-10T00:00:00Z").add({ minutes });
    const { daysTotal, daysElapsed, daysRemaining } = cycleProgress(cycle, now);
    assert.ok(Math.abs((daysElapsed ?? NaN) + (daysRemaining ?? NaN) - (daysTotal ?? NaN)) < 1e-9);
  }));
});
