import { cycleBetween, cycleOfDates, UNKNOWN_CYCLE } from "../../../domain/cycle.ts";
import { TrackerError } from "../../../domain/errors.ts";
import { NO_FIGURES } from "../../../domain/history/figures.ts";
import { micros } from "../../../domain/money.ts";
import { ewma, smoothing } from "../../../domain/projection/ewma.ts";
import { linear } from "../../../domain/projection/linear.ts";
import { completeDays, daySpends, NO_FORECAST } from "../../../domain/projection/spending.ts";
import { assertSame } from "../../assert_same.ts";
import { date, dates, dollars, instant, moments } from "../history/snapshots.ts";
import { spending, spends } from "./spendings.ts";
import fc from "fast-check";
import assert from "node:assert/strict";

const WEEK = { halfLifeDays: 7 };

Deno.test("linear: ten of thirty days gone and $5 spent end at $15", () => {
  const said = linear(spending("2026-11-11T00:00Z", { spend: dollars(5) }));
  assertSame(said, { projected: dollars(15), perDay: dollars(0.5) });
});

Deno.test("linear: days elapsed have fractions", () => {
  // Two and a half days: $5 / 2.5 = $2 a day, 30 days.
  const said = linear(spending("2026-11-03T12:00Z", { spend: dollars(5) }));
  assertSame(said, { projected: dollars(60), perDay: dollars(2) });
});

Deno.test("linear: the first hour counts as an hour", () => {
  // $0.10 an hour × 720 hours, though only a minute, or nothing, has gone.
  for (const asOf of ["2026-11-01T00:00Z", "2026-11-01T00:01Z", "2026-11-01T01:00Z", "2026-10-31T00:00Z"]) {
    assert.equal(linear(spending(asOf, { spend: dollars(0.1) })).projected, dollars(72));
  }
});

Deno.test("linear: in the last hour and after the end it says what was spent", () => {
  // 719 of 720 hours gone: 719 / 719 × 720 cents.
  assert.equal(linear(spending("2026-11-30T23:00Z", { spend: dollars(7.19) })).projected, dollars(7.2));
  assert.equal(linear(spending("2026-12-01T00:00Z", { spend: dollars(7.19) })).projected, dollars(7.19));
  assert.equal(linear(spending("2026-12-24T00:00Z", { spend: dollars(7.19) })).projected, dollars(7.19));
});

Deno.test("linear: no spend projects to no spend", () => {
  assertSame(linear(spending("2026-11-11T00:00Z")), { projected: 0, perDay: 0 });
});

Deno.test("linear: a result between two micro-dollars is rounded", () => {
  // 1 micro-dollar in 7 of 30 days: 30 / 7 = 4.29; in 4 days: 7.5.
  assert.equal(linear(spending("2026-11-08T00:00Z", { spend: micros(1) })).projected, 4);
  assert.equal(linear(spending("2026-11-05T00:00Z", { spend: micros(1) })).projected, 8);
});

Deno.test("linear: months of 28 and 31 days count as long as they are", () => {
  const february = dates("2026-02-10", "2026-03-10");
  const october = dates("2026-10-10", "2026-11-10");
  const spend = dollars(1);
  assert.equal(linear(spending("2026-02-11T00:00Z", { spend, cycle: february })).projected, dollars(28));
  assert.equal(linear(spending("2026-10-11T00:00Z", { spend, cycle: october })).projected, dollars(31));
});

Deno.test("without an end there is a pace but no projection; without a start, or an unknown cost, neither", () => {
  const endless = { ...UNKNOWN_CYCLE, start: date("2026-11-01") };
  const startless = { ...UNKNOWN_CYCLE, end: date("2026-12-01") };
  const days = spends("2026-11-01", [1, 1, 1, 1]);
  const asOf = "2026-11-05T00:00Z";
  for (const said of [linear, (s: Parameters<typeof linear>[0]) => ewma(s, WEEK)]) {
    assertSame(said(spending(asOf, { days, cycle: endless })), { projected: null, perDay: dollars(1) });
    assertSame(said(spending(asOf, { days, cycle: startless })), NO_FORECAST);
    assertSame(said(spending(asOf, { days, spend: null })), NO_FORECAST);
  }
});

Deno.test("smoothing: after one half-life a day weighs half", () => {
  assert.equal(smoothing(1), 0.5);
  // (1 − alpha)^7 = 1/2.
  assert.ok(Math.abs((1 - smoothing(7)) ** 7 - 0.5) < 1e-12);
});

Deno.test("smoothing: a half-life of 0 or less, or no number, is refused with exit code 2", () => {
  for (const halfLife of [0, -1, NaN, Infinity]) {
    assert.throws(() => smoothing(halfLife), (error) => {
      assert.ok(error instanceof TrackerError);
      assert.equal(error.exitCode, 2);
      assert.match(error.message, /'HALF_LIFE_DAYS' must be a positive number of days/);
      return true;
    });
  }
});

Deno.test("ewma: worked by hand with a half-life of one day", () => {
  // alpha = 1/2. Days $4, $0, $6: 4 → (0 + 4) / 2 = 2 → (6 + 2) / 2 = 4. $10 + 4 × 27 days = $118.
  const days = spends("2026-11-01", [4, 0, 6]);
  const said = ewma(spending("2026-11-04T00:00Z", { days }), { halfLifeDays: 1 });
  assertSame(said, { projected: dollars(118), perDay: dollars(4) });
});

Deno.test("ewma: a date that is missing is a day without spend", () => {
  const days = spends("2026-11-01", [4, 0, 6]).filter(({ spend }) => spend !== 0);
  const said = ewma(spending("2026-11-04T00:00Z", { days }), { halfLifeDays: 1 });
  assert.equal(said.projected, dollars(118));
});

Deno.test("ewma: today counts as spent, but not yet as a day", () => {
  // As above, and $1 today until noon: $11 + 4 × 26.5 days = $117.
  const days = spends("2026-11-01", [4, 0, 6, 1]);
  const said = ewma(spending("2026-11-04T12:00Z", { days }), { halfLifeDays: 1 });
  assert.equal(said.projected, dollars(117));
});

Deno.test("ewma: with the usual half-life of seven days", () => {
  // alpha = 1 − 2^(−1/7) = 0.0942763. Days $1 and $2: 1 + 0.0942763 = 1.0942763; 3 + 1.0942763 × 28 = 33.639737.
  const said = ewma(spending("2026-11-03T00:00Z", { days: spends("2026-11-01", [1, 2]) }), WEEK);
  assert.ok(Math.abs((said.projected ?? 0) - 33_639_737) < 5, String(said.projected));
});

Deno.test("ewma: with no complete day it equals linear", () => {
  const first = spending("2026-11-01T06:00Z", { days: spends("2026-11-01", [3]) });
  assertSame(ewma(first, WEEK), linear(first));
  assert.equal(ewma(first, WEEK).projected, dollars(360));
});

Deno.test("ewma: after the end it says what was spent", () => {
  const days = spends("2026-11-01", [4, 0, 6]);
  assert.equal(ewma(spending("2026-12-02T00:00Z", { days }), WEEK).projected, dollars(10));
});

Deno.test("ewma: a day of unknown spend leaves no forecast", () => {
  const days = spends("2026-11-01", [4, null, 6]);
  assertSame(ewma(spending("2026-11-04T00:00Z", { days }), WEEK), NO_FORECAST);
});

Deno.test("complete days are whole local days: not the one that the cycle begins in the middle of", () => {
  // A cycle from 10:30 UTC on November 1 (11:30 in Berlin): the first whole day is November 2.
  const cycle = moments("2026-11-01T10:30Z", "2026-12-01T10:30Z");
  const days = spends("2026-11-01", [9, 2, 3, 4]);
  const at = (asOf: string) => completeDays(spending(asOf, { days, cycle, timeZone: "Europe/Berlin" }));
  assertSame(at("2026-11-02T22:59Z"), []);
  assertSame(at("2026-11-02T23:00Z"), [dollars(2)]);
  assertSame(at("2026-11-04T12:00Z"), [dollars(2), dollars(3)]);
});

Deno.test("complete days end with the cycle", () => {
  const days = spends("2026-11-01", Array.from({ length: 30 }, () => 1));
  assert.equal(completeDays(spending("2027-01-01T00:00Z", { days })).length, 30);
});

Deno.test("daySpends() takes the cost that the metric names", () => {
  const day = { ...NO_FIGURES, date: date("2026-11-01"), apiCost: dollars(3), costToYou: null };
  assertSame(daySpends([day], "api_cost"), [{ date: day.date, spend: dollars(3) }]);
  assertSame(daySpends([day], "cost_to_you"), [{ date: day.date, spend: null }]);
});

Deno.test("a day of 23 hours is one complete day", () => {
  const cycle = cycleBetween(instant("2026-03-27T23:00Z"), instant("2026-04-27T22:00Z"));
  const days = spends("2026-03-28", [1, 2, 3]);
  const at = (asOf: string) => completeDays(spending(asOf, { days, cycle, timeZone: "Europe/Berlin" }));
  assertSame(at("2026-03-29T21:59Z"), [dollars(1)]);
  assertSame(at("2026-03-29T22:00Z"), [dollars(1), dollars(2)]);
});

Deno.test("both methods stay between what is spent and the largest day going on, and agree on an even pace", () => {
  const amounts = fc.array(fc.nat(50).map((cents) => cents / 100), { minLength: 1, maxLength: 30 });
  fc.assert(fc.property(amounts, fc.integer({ min: 1, max: 60 }), (amounts, halfLifeDays) => {
    const asOf = `${date("2026-11-01").add({ days: amounts.length })}T00:00Z`;
    const now = spending(asOf, {
      days: spends("2026-11-01", amounts),
      cycle: cycleOfDates(date("2026-11-01"), date("2026-12-01")),
    });
    const most = micros((now.spend ?? 0) + Math.round(Math.max(...amounts) * 1_000_000) * (30 - amounts.length) + 1);
    for (const { projected } of [linear(now), ewma(now, { halfLifeDays })]) {
      assert.ok(projected !== null && (now.spend ?? 0) <= projected && projected <= most);
    }
    const even = spending(asOf, { days: spends("2026-11-01", amounts.map(() => 0.25)) });
    assert.equal(linear(even).projected, dollars(7.5));
    assert.equal(ewma(even, { halfLifeDays }).projected, dollars(7.5));
  }));
});
