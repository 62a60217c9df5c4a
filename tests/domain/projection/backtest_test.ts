import { UNKNOWN_CYCLE } from "../../../domain/cycle.ts";
import type { Method } from "../../../domain/projection/projection.ts";
import {
  backtest,
  chooseMethod,
  type FinishedCycle,
  type Scorecard,
  scorecard,
  type Trial,
} from "../../../domain/projection/scorecard.ts";
import { assertSame } from "../../assert_same.ts";
import { date, dates, dollars, moments } from "../history/snapshots.ts";
import { spends } from "./spendings.ts";
import assert from "node:assert/strict";

const OPTIONS = { timeZone: "UTC", halfLifeDays: 1 };
/** Four days, to work it out by hand: $4, $0, $6, $2, in all $12. */
const SHORT: FinishedCycle = { cycle: dates("2026-11-01", "2026-11-05"), days: spends("2026-11-01", [4, 0, 6, 2]) };

function trial(method: Method, projected: number, actual: number, dayOfCycle = 1, cycleStart = "2026-11-01"): Trial {
  return { cycleStart: date(cycleStart), dayOfCycle, method, projected: dollars(projected), actual: dollars(actual) };
}

/** A scorecard of two cycles in which both spent $10 and the methods said these. */
function scored(linear: number, ewma: number): Scorecard {
  return scorecard(["2026-10-01", "2026-11-01"].flatMap((start) => [
    trial("linear", linear, 10, 1, start),
    trial("ewma", ewma, 10, 1, start),
  ]));
}

Deno.test("backtest() says what each method said at the end of each day but the last", () => {
  // After day 1: linear 4 / 1 × 4 = 16; ewma 4 + 4 × 3 = 16.
  // After day 2: linear 4 / 2 × 4 = 8; ewma (0 + 4) / 2 = 2, 4 + 2 × 2 = 8.
  // After day 3: linear 10 / 3 × 4 = 13.333333; ewma (6 + 2) / 2 = 4, 10 + 4 × 1 = 14.
  const said = [...backtest([SHORT], OPTIONS)];
  assertSame(said.map(({ dayOfCycle, method, projected }) => `${dayOfCycle} ${method} ${projected}`), [
    "1 linear 16000000",
    "1 ewma 16000000",
    "2 linear 8000000",
    "2 ewma 8000000",
    "3 linear 13333333",
    "3 ewma 14000000",
  ]);
  assertSame([...new Set(said.map(({ actual }) => actual))], [dollars(12)]);
});

Deno.test("backtest() counts days from the local day that the cycle began in", () => {
  // New York: from 19:00 on October 31 to 19:00 on November 3, midnights of November 1, 2 and 3.
  const cycle = moments("2026-10-31T23:00Z", "2026-11-04T00:00Z");
  const days = spends("2026-10-31", [1, 1, 1, 1]);
  const said = [...backtest([{ cycle, days }], { ...OPTIONS, timeZone: "America/New_York" })];
  assertSame(said.filter(({ method }) => method === "ewma").map(({ dayOfCycle }) => dayOfCycle), [1, 2, 3]);
});

Deno.test("backtest() leaves out cycles without bounds or with a day of unknown spend", () => {
  const unknown = [
    { cycle: UNKNOWN_CYCLE, days: SHORT.days },
    { cycle: SHORT.cycle, days: spends("2026-11-01", [4, null, 6, 2]) },
  ];
  assertSame([...backtest(unknown, OPTIONS)], []);
});

Deno.test("scorecard() takes the mean of absolute errors, in money and relative to what came", () => {
  // Linear: 15 and 10 for 10: off by 5 and 0, and 30 for 40: off by 10. Mean $5; (0.5 + 0 + 0.25) / 3 = 0.25.
  const card = scorecard([
    trial("linear", 15, 10, 1),
    trial("linear", 10, 10, 2),
    trial("linear", 30, 40, 1, "2026-12-01"),
    trial("ewma", 9, 10, 1),
  ]);
  assert.equal(card.cycles, 2);
  assertSame(card.scores, [
    { method: "linear", trials: 3, meanError: dollars(5), meanRelativeError: 0.25 },
    { method: "ewma", trials: 1, meanError: dollars(1), meanRelativeError: 0.1 },
  ]);
  assertSame(card.byDay, [
    {
      dayOfCycle: 1,
      scores: [
        { method: "linear", trials: 2, meanError: dollars(7.5), meanRelativeError: 0.375 },
        { method: "ewma", trials: 1, meanError: dollars(1), meanRelativeError: 0.1 },
      ],
    },
    { dayOfCycle: 2, scores: [{ method: "linear", trials: 1, meanError: dollars(0), meanRelativeError: 0 }] },
  ]);
});

Deno.test("scorecard() has no relative error for a cycle that cost nothing", () => {
  assert.equal(scorecard([trial("linear", 0, 0)]).scores[0]?.meanRelativeError, null);
});

Deno.test("a cycle that ends with a burst is told better by ewma, and auto takes it", () => {
  const burst = (start: string) => ({
    cycle: dates(start, date(start).add({ days: 4 }).toString()),
    days: spends(start, [0, 0, 8, 8]),
  });
  const card = scorecard(backtest([burst("2026-10-01"), burst("2026-11-01")], OPTIONS));
  // Day 3: linear 8 / 3 × 4 = 10.67 for 16, ewma 8 + 4 = 12 for 16; days 1 and 2 both say 0.
  const choice = chooseMethod("auto", card);
  assert.equal(choice.method, "ewma");
  assert.equal(choice.reason, "auto took ewma: over 2 finished cycles it was off by 75.0 %, linear by 77.8 %.");
});

Deno.test("auto takes the lower past error, and linear on a tie", () => {
  assert.equal(chooseMethod("auto", scored(12, 11)).method, "ewma");
  assert.equal(chooseMethod("auto", scored(11, 12)).method, "linear");
  assert.equal(chooseMethod("auto", scored(11, 9)).method, "linear");
  assert.equal(
    chooseMethod("auto", scored(11, 12)).reason,
    "auto took linear: over 2 finished cycles it was off by 10.0 %, ewma by 20.0 %.",
  );
});

Deno.test("auto takes linear while there is too little history, and says so", () => {
  assertSame(chooseMethod("auto", scorecard([])), {
    method: "linear",
    reason: "auto took linear: 0 finished cycles with known spend, 2 are needed to compare.",
  });
  assert.equal(chooseMethod("auto", scorecard([trial("ewma", 1, 1), trial("linear", 9, 1)])).method, "linear");
  const free = scorecard([trial("linear", 0, 0), trial("ewma", 0, 0, 1, "2026-12-01")]);
  assert.equal(chooseMethod("auto", free).reason, "auto took linear: nothing was spent in the finished cycles.");
});

Deno.test("a method that is set is taken, whatever the past says", () => {
  assertSame(chooseMethod("ewma", scored(10, 99)), {
    method: "ewma",
    reason: "PROJECTION_METHOD is ewma.",
  });
});
