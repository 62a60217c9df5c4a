import {
  anomaliesOn,
  ANOMALY_LIMITS,
  type ModelDaySpend,
  perThousandTokens,
  robustScore,
} from "../../../domain/report/anomalies.ts";
import { assertSame } from "../../assert_same.ts";
import { date, dollars, row } from "../history/snapshots.ts";
import assert from "node:assert/strict";

const TODAY = date("2026-11-21");
/** Seven days: the median is $2; deviations 1, 1, 0, 0, 0, 1, 1 have the median $1. */
const USUAL = [1, 1, 2, 2, 2, 3, 3];

/** Spend of a model on the days before today, newest last, with ten units each unless told. */
function past(model: string, amounts: readonly (number | null)[], quantity = 10): ModelDaySpend[] {
  return amounts.map((amount, index) => ({
    date: TODAY.subtract({ days: amounts.length - index }),
    model,
    spend: dollars(amount),
    quantity,
  }));
}

function today(model: string, amount: number | null, quantity = 10): ModelDaySpend {
  return { date: TODAY, model, spend: dollars(amount), quantity };
}

const kinds = (days: readonly ModelDaySpend[]) =>
  anomaliesOn(TODAY, days).map(({ kind, cause }) => `${kind} ${cause.model}`);

Deno.test("robustScore() is the distance from the median in scaled median deviations", () => {
  // (9.4130 − 2) / (1.4826 × 1) = 5.
  const scored = robustScore(9_413_000, USUAL.map((amount) => dollars(amount)));
  assert.equal(scored?.usual, dollars(2));
  assert.ok(Math.abs((scored?.score ?? 0) - 5) < 1e-9);
});

Deno.test("robustScore() says nothing with fewer than seven days of use", () => {
  assert.equal(robustScore(9_000_000, USUAL.slice(1)), null);
});

Deno.test("robustScore() takes a past that never varies as varying by 5 % of its median", () => {
  // (3 − 2) / (5 % of 2 = 0.1) = 10.
  const scored = robustScore(dollars(3), Array.from({ length: 7 }, () => dollars(2)));
  assert.ok(Math.abs((scored?.score ?? 0) - 10) < 1e-9);
});

Deno.test("robustScore() takes a past of next to nothing as varying by a cent", () => {
  // ($0.06 − $0.01) / $0.01 = 5.
  const scored = robustScore(dollars(0.06), Array.from({ length: 7 }, () => dollars(0.01)));
  assert.ok(Math.abs((scored?.score ?? 0) - 5) < 1e-9);
});

Deno.test("a day far above its past is found, with its cause", () => {
  // A second model's $6 on top of the usual $2: $8, score (8 − 2) / 1.4826 = 4.05.
  const [found, ...others] = anomaliesOn(TODAY, [...past("opus", USUAL), today("opus", 2), today("haiku", 6)]);
  assertSame(others, []);
  assert.ok(found?.kind === "day_spend");
  assertSame([found.spend, found.usual], [dollars(8), dollars(2)]);
  assert.ok(Math.abs(found.score - 4.047) < 0.001);
  assertSame(found.cause, { model: "haiku", date: TODAY, share: 0.75, hour: null });
});

Deno.test("the cause is the model that rose most above its own usual day, not the largest", () => {
  const steady = past("opus", Array.from({ length: 7 }, () => 10));
  const found = anomaliesOn(TODAY, [...steady, today("opus", 10), ...past("haiku", USUAL), today("haiku", 9, 90)]);
  assertSame(found.map(({ kind, cause }) => `${kind} ${cause.model}`), ["day_spend haiku", "model_spend haiku"]);
});

Deno.test("a spend at the limit is found, one below it is not", () => {
  // 2 + 3.5 × 1.4826 = 7.1891.
  assertSame(kinds([...past("opus", USUAL, 100), today("opus", 7.19, 100)]).includes("day_spend opus"), true);
  assertSame(kinds([...past("opus", USUAL, 100), today("opus", 7.18, 1000)]), []);
});

Deno.test("a rise of less than a dollar is none, however odd", () => {
  const cents = past("opus", Array.from({ length: 10 }, () => 0.01), 1);
  assertSame(kinds([...cents, today("opus", 1, 1)]), []);
  assertSame(kinds([...cents, today("opus", 1.01, 1)]), ["day_spend opus", "model_spend opus"]);
});

Deno.test("a fall is none, and days without use or of unknown spend are no past", () => {
  assertSame(kinds([...past("opus", [9, 9, 9, 9, 9, 9, 9]), today("opus", 0.01)]), []);
  assertSame(kinds([...past("opus", [0, 0, 0, 0, null, 2, 2]), today("opus", 50)]), []);
  assertSame(kinds([...past("opus", USUAL), today("opus", null)]), []);
});

Deno.test("the past is the newest 28 days of use", () => {
  // 28 days of $2 after many of $50: $9 is odd.
  const days = past("opus", [...Array.from({ length: 40 }, () => 50), ...Array.from({ length: 28 }, () => 2)], 1);
  assertSame(kinds([...days, today("opus", 9, 1)]), ["day_spend opus", "model_spend opus"]);
});

Deno.test("a price per unit that rose by the factor is found", () => {
  // $2 for ten units is usual: $0.20. Today $3 for ten: $0.30, a factor of 1.5.
  const steady = past("opus", [2, 2, 2, 2, 2, 2, 2]);
  const found = anomaliesOn(TODAY, [...steady, today("opus", 3, 10)]).find(({ kind }) => kind === "unit_price");
  assert.ok(found?.kind === "unit_price");
  assertSame([found.price, found.usual, found.factor], [dollars(0.3), dollars(0.2), 1.5]);
  assertSame(found.cause, { model: "opus", date: TODAY, share: 1, hour: null });
  assertSame(kinds([...steady, today("opus", 2.99, 10)]).includes("unit_price opus"), false);
});

Deno.test("a price of too few units means nothing", () => {
  const steady = past("opus", [2, 2, 2, 2, 2, 2, 2]);
  assertSame(kinds([...steady, today("opus", 2.5, 9)]), []);
  assertSame(kinds([...past("opus", [2, 2, 2, 2, 2, 2, 2], 9), today("opus", 2.5, 1000)]), []);
});

Deno.test("the limits can be set", () => {
  const limits = { ...ANOMALY_LIMITS, score: 2 };
  const days = [...past("opus", USUAL, 100), today("opus", 5, 1000)];
  // (5 − 2) / 1.4826 = 2.02.
  assertSame(anomaliesOn(TODAY, days, limits).map(({ kind }) => kind), ["day_spend", "model_spend"]);
  assertSame(anomaliesOn(TODAY, days), []);
});

Deno.test("perThousandTokens() takes the metric's cost and counts tokens by the thousand", () => {
  const { tokens, apiCost, costToYou } = row("opus", 3, { output: 2500, costToYou: null });
  const day = { date: TODAY, model: "opus", tokens, apiCost, costToYou, estimated: false };
  assertSame(perThousandTokens([day], "api_cost"), [today("opus", 3, 2.5)]);
  assertSame(perThousandTokens([day], "cost_to_you"), [today("opus", null, 2.5)]);
});
