import {
  divideHalfEven,
  formatMicros,
  micros,
  microsFromCents,
  microsFromDollars,
  microsFromParts,
  sumMicros,
  toCents,
  ZERO,
} from "../../domain/money.ts";
import fc from "fast-check";
import assert from "node:assert/strict";

/** numerator / denominator as exact integers, rounded half to even: the oracle that the properties compare with. */
function exactHalfEven(numerator: bigint, denominator: bigint): bigint {
  const isNegative = numerator < 0n;
  const size = isNegative ? -numerator : numerator;
  const below = size / denominator;
  const twiceRest = (size % denominator) * 2n;
  const isUp = twiceRest > denominator || (twiceRest === denominator && below % 2n === 1n);
  const rounded = isUp ? below + 1n : below;
  return isNegative ? -rounded : rounded;
}

Deno.test("microsFromCents() keeps the fractions of a cent that Cursor sends", () => {
  assert.equal(microsFromCents(40.167), 401_670);
  assert.equal(microsFromCents("37.33"), 373_300);
  assert.equal(microsFromCents(0), 0);
  assert.equal(microsFromCents(2018), 20_180_000);
});

Deno.test("microsFromCents() rounds float32 noise to the nearest micro-dollar", () => {
  assert.equal(microsFromCents(18.167999267578125), 181_680);
  assert.equal(microsFromCents(4.116000175476074), 41_160);
  assert.equal(microsFromCents(-18.167999267578125), -181_680);
});

Deno.test("microsFromCents() rounds ties to the even micro-dollar", () => {
  assert.equal(microsFromCents("0.00005"), 0);
  assert.equal(microsFromCents("0.00015"), 2);
  assert.equal(microsFromCents("0.00025"), 2);
  assert.equal(microsFromCents("0.00035"), 4);
  assert.equal(microsFromCents("-0.00015"), -2);
  assert.equal(microsFromCents("0.000250000000000000000001"), 3);
  assert.equal(microsFromCents("0.000249999999999999999999"), 2);
});

Deno.test("microsFromDollars() reads plain decimals in every spelling", () => {
  assert.equal(microsFromDollars("1234.56"), 1_234_560_000);
  assert.equal(microsFromDollars("+0.19"), 190_000);
  assert.equal(microsFromDollars("-0.19"), -190_000);
  assert.equal(microsFromDollars(".5"), 500_000);
  assert.equal(microsFromDollars("5."), 5_000_000);
  assert.equal(microsFromDollars(" 7 "), 7_000_000);
  assert.equal(microsFromDollars("007.10"), 7_100_000);
});

Deno.test("microsFromDollars() reads exponents as JSON numbers are written", () => {
  assert.equal(microsFromDollars(1e-7), 0);
  assert.equal(microsFromDollars("6e-7"), 1);
  assert.equal(microsFromDollars("5e-7"), 0);
  assert.equal(microsFromDollars("15e-7"), 2);
  assert.equal(microsFromDollars("1.5E2"), 150_000_000);
  assert.equal(microsFromDollars("2e+3"), 2_000_000_000);
  assert.equal(microsFromDollars("1e-400"), 0);
  assert.equal(microsFromDollars("0e999"), 0);
});

Deno.test("microsFromDollars() answers null for what is no number", () => {
  for (const text of ["", " ", ".", "-", "abc", "1,234.56", "$1", "1.2.3", "0x10", "NaN", "Infinity", "1e", "--1"]) {
    assert.equal(microsFromDollars(text), null, text);
  }
  assert.equal(microsFromDollars(NaN), null);
  assert.equal(microsFromDollars(-Infinity), null);
});

Deno.test("microsFromDollars() answers null for more than a safe integer holds", () => {
  assert.equal(microsFromDollars("9007199254.740991"), 9_007_199_254_740_991);
  assert.equal(microsFromDollars("9007199254.740992"), null);
  assert.equal(microsFromDollars("1e300"), null);
  assert.equal(microsFromDollars(1e21), null);
});

Deno.test("microsFromParts() takes the percentage off the cents, but not off the fee, and rounds once", () => {
  // 40.167 c × 0.9 = 36.1503 c; + 1.18 c = 37.3303 c
  assert.equal(microsFromParts({ cents: 40.167, percentOff: 10, fee: 1.18 }), 373_303);
  assert.equal(microsFromParts({ cents: "40.167", percentOff: 10, fee: "118e-2" }), 373_303);
  // 50.05 c × 0.875 = 43.79375 c = 437,937.5 micros, to the even 437,938
  assert.equal(microsFromParts({ cents: 50.05, percentOff: 12.5, fee: 0 }), 437_938);
  // 0.00005 c + 0.00005 c = 1 micro; each for itself none
  assert.equal(microsFromParts({ cents: 0.00005, percentOff: 0, fee: 0.00005 }), 1);
  assert.equal(microsFromParts({ cents: 1000, percentOff: 100, fee: 0 }), 0);
  assert.equal(microsFromParts({ cents: "much", percentOff: 0, fee: 0 }), null);
  assert.equal(microsFromParts({ cents: 9e11, percentOff: 0, fee: 9e11 }), null);
});

Deno.test("micros() refuses what is no safe integer, and knows no negative zero", () => {
  assert.throws(() => micros(0.5), /must be a safe integer: current value is 0.5/);
  assert.throws(() => micros(2 ** 53), RangeError);
  assert.throws(() => micros(NaN), RangeError);
  assert.ok(Object.is(micros(-0), 0));
  assert.ok(Object.is(microsFromDollars("-0"), 0));
  assert.ok(Object.is(toCents(micros(-1)), 0));
});

Deno.test("sumMicros() is unknown as soon as one part is", () => {
  assert.equal(sumMicros([micros(1), micros(2), micros(-5)]), -2);
  assert.equal(sumMicros([micros(1), null]), null);
  assert.equal(sumMicros([]), ZERO);
});

Deno.test("toCents() rounds half to even on both sides of zero", () => {
  const cases = [
    [5_000, 0],
    [5_001, 1],
    [15_000, 2],
    [25_000, 2],
    [35_000, 4],
    [14_999, 1],
    [-5_000, 0],
    [-15_000, -2],
    [
      -25_000,
      -2,
    ],
    [-25_001, -3],
    [20_180_000, 2_018],
  ] as const;
  for (const [amount, expected] of cases) assert.equal(toCents(micros(amount)), expected, String(amount));
  assert.equal(toCents(null), null);
});

Deno.test("divideHalfEven() rounds ties to the even quotient whatever the signs are", () => {
  const cases = [[5, 10, 0], [15, 10, 2], [-15, 10, -2], [15, -10, -2], [-25, -10, 2], [7, 3, 2], [8, 3, 3]] as const;
  for (const [dividend, divisor, expected] of cases) assert.equal(divideHalfEven(dividend, divisor), expected);
});

Deno.test("formatMicros() writes cents with thousands apart", () => {
  assert.equal(formatMicros(micros(1_234_560_000)), "$1,234.56");
  assert.equal(formatMicros(micros(1_234_567_890_000)), "$1,234,567.89");
  assert.equal(formatMicros(micros(999_995_000)), "$1,000.00");
  assert.equal(formatMicros(micros(10_000)), "$0.01");
  assert.equal(formatMicros(micros(-190_000)), "-$0.19");
  assert.equal(formatMicros(ZERO), "$0.00");
});

Deno.test("formatMicros() shows amounts below one cent to the micro-dollar, never as zero or a whole cent", () => {
  assert.equal(formatMicros(micros(123)), "$0.000123");
  assert.equal(formatMicros(micros(6_700)), "$0.0067");
  assert.equal(formatMicros(micros(9_999)), "$0.009999");
  assert.equal(formatMicros(micros(-5_000)), "-$0.005");
});

Deno.test("formatMicros() shows an unknown amount as a dash, not as a number", () => {
  assert.equal(formatMicros(null), "–");
});

Deno.test("property: dollars with two decimals come through micros and back as the same text", () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 9_007_199_253 }), fc.integer({ min: 0, max: 99 }), (whole, cents) => {
    const text = `${whole}.${String(cents).padStart(2, "0")}`;
    const amount = microsFromDollars(text);
    assert.notEqual(amount, null);
    assert.equal(formatMicros(amount).replace(/[$,]/g, ""), text);
  }));
});

Deno.test("property: a decimal text becomes the exact number of micro-dollars, rounded half to even", () => {
  const digits = (maxLength: number) => fc.string({ unit: fc.constantFrom(..."0123456789"), minLength: 1, maxLength });
  fc.assert(fc.property(fc.constantFrom("", "-"), digits(9), digits(12), (sign, whole, fraction) => {
    const numerator = BigInt(whole + fraction) * (sign === "-" ? -1n : 1n);
    const denominator = 10n ** BigInt(fraction.length);
    const text = `${sign}${whole}.${fraction}`;
    assert.equal(microsFromDollars(text), Number(exactHalfEven(numerator * 1_000_000n, denominator)), text);
    assert.equal(microsFromCents(text), Number(exactHalfEven(numerator * 10_000n, denominator)), text);
  }));
});

Deno.test("property: toCents() is the exact rounding of the amount", () => {
  fc.assert(fc.property(fc.maxSafeInteger(), (amount) => {
    assert.equal(toCents(micros(amount)), Number(exactHalfEven(BigInt(amount), 10_000n)));
  }));
  fc.assert(fc.property(fc.integer({ min: -1_000_000, max: 1_000_000 }), (halves) => {
    const tie = halves * 10_000 + 5_000;
    assert.equal(toCents(micros(tie)), Number(exactHalfEven(BigInt(tie), 10_000n)));
  }));
});

Deno.test("property: microsFromParts() is the exact rounding of what the digits of its numbers come to", () => {
  const decimal = (max: number, places: number) =>
    fc.integer({ min: 0, max: max * 10 ** places }).map((units) => units / 10 ** places);
  const scaled = (value: number) => BigInt(value.toFixed(6).replace(".", "")); // none has more than six places
  fc.assert(
    fc.property(decimal(20_000, 5), decimal(100, 6), decimal(1_000, 6), (cents, percentOff, fee) => {
      // In 10^-14 cents: cents × (100 − percentOff) / 100 + fee; 10^10 of them are a micro-dollar.
      const exact = scaled(cents) * (100_000_000n - scaled(percentOff)) + scaled(fee) * 100_000_000n;
      const expected = Number(exactHalfEven(exact, 10_000_000_000n));
      assert.equal(microsFromParts({ cents, percentOff, fee }), expected);
      assert.equal(microsFromParts({ cents: String(cents), percentOff, fee: String(fee) }), expected);
    }),
    { numRuns: 2_000 },
  );
});
