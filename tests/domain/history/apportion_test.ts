import { apportion } from "../../../domain/history/model_history.ts";
import fc from "fast-check";
import assert from "node:assert/strict";

Deno.test("apportion() gives what is left over to the largest remainders", () => {
  // 10 × 1/6 = 1.67, 10 × 2/6 = 3.33, 10 × 3/6 = 5: the unit left over goes to the first.
  assert.deepEqual(apportion(10, [1, 2, 3]), [2, 3, 5]);
});

Deno.test("apportion() gives ties to the earlier share", () => {
  assert.deepEqual(apportion(2, [1, 1, 1]), [1, 1, 0]);
});

Deno.test("apportion() is exact where floats are not", () => {
  // 9,007,199,254,740,991 = 2^53 − 1: a third is 3,002,399,751,580,330.33.
  assert.deepEqual(apportion(Number.MAX_SAFE_INTEGER, [1, 2]), [3_002_399_751_580_330, 6_004_799_503_160_661]);
});

Deno.test("apportion() refuses weights without a sum, and amounts that are negative or no integer", () => {
  assert.throws(() => apportion(1, []), /'weights' must be whole numbers/);
  assert.throws(() => apportion(1, [0, 0]), /'weights' must be whole numbers/);
  assert.throws(() => apportion(1, [2, -1]), /'weights' must be whole numbers/);
  assert.throws(() => apportion(-1, [1]), /'amount' must be a whole number from 0: current value is -1/);
  assert.throws(() => apportion(0.5, [1]), /'amount' must be a whole number/);
});

Deno.test("apportion() always adds up, and no share is off by a whole unit", () => {
  const weights = fc.array(fc.nat(90_000_000), { minLength: 1, maxLength: 40 });
  fc.assert(fc.property(fc.nat(1_000_000_000), weights, (amount, weights) => {
    const sum = weights.reduce((a, b) => a + b, 0);
    fc.pre(sum > 0);
    const shares = apportion(amount, weights);
    assert.equal(shares.reduce((a, b) => a + b, 0), amount);
    shares.forEach((share, index) => {
      assert.ok(Math.abs(share - amount * (weights[index] ?? 0) / sum) < 1 + 1e-6);
    });
  }));
});
