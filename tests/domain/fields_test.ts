import {
  readCents,
  readCount,
  readExactCents,
  readInstant,
  readMoney,
  readObject,
  readPercent,
  tryRead,
  UnreadableField,
} from "../../domain/fields.ts";
import type { Json } from "../../domain/json.ts";
import { micros } from "../../domain/money.ts";
import assert from "node:assert/strict";

const NO_VALUES: readonly (Json | undefined)[] = [undefined, null, "", " ", "-", "–", "—", "NaN", "nan", "N/A", "null"];

function unreadable(expected: RegExp): (error: unknown) => boolean {
  return (error) => error instanceof UnreadableField && expected.test(error.message);
}

Deno.test("readCount() reads numbers, int64 text, thousands and short forms", () => {
  const cases: [Json, number][] = [
    [0, 0],
    [1024, 1024],
    ["0", 0],
    ["1024", 1024],
    ["1,024", 1024],
    ["1,234,567", 1_234_567],
    [" 48 ", 48],
    ["\u00a01,024\u00a0", 1024],
    ["9007199254740991", 9_007_199_254_740_991],
    ["1.2M", 1_200_000],
    ["61.2k", 61_200],
    ["3B", 3_000_000_000],
    [1.1e3, 1100],
  ];
  for (const [value, expected] of cases) assert.equal(readCount(value, "tokens"), expected, JSON.stringify(value));
});

Deno.test("readCount() answers null where there is no value, which is not zero", () => {
  for (const value of NO_VALUES) assert.equal(readCount(value, "tokens"), null, JSON.stringify(value));
});

Deno.test("readCount() refuses what no known Cursor sends, with the rule and then the value", () => {
  const refused: Json[] = [-1, "-5", "12 tokens", "1,02", "1 024", "9007199254740992", "0x10", "1e5x", true, [], {}];
  for (const value of refused) {
    assert.throws(() => readCount(value, "inputTokens"), UnreadableField, JSON.stringify(value));
  }
  assert.throws(
    () => readCount("many", "inputTokens"),
    unreadable(/^Cannot read 'inputTokens' as it must be a count of zero or more: current value is "many"$/),
  );
});

Deno.test("readMoney() takes bare numbers in the field's own unit", () => {
  const cents = (value: Json) => readMoney(value, { name: "totalCents", unit: "cents" });
  const dollars = (value: Json) => readMoney(value, { name: "cost", unit: "dollars" });
  assert.deepEqual(cents(20.18), { kind: "amount", amount: 201_800 });
  assert.deepEqual(cents("40.167"), { kind: "amount", amount: 401_670 });
  assert.deepEqual(cents(18.167999267578125), { kind: "amount", amount: 181_680 });
  assert.deepEqual(dollars(20.18), { kind: "amount", amount: 20_180_000 });
  assert.deepEqual(dollars("0.003"), { kind: "amount", amount: 3_000 });
  assert.deepEqual(dollars(0), { kind: "amount", amount: 0 });
});

Deno.test("readMoney() takes a currency sign as dollars, whatever the field's unit is", () => {
  const cases: [string, number][] = [
    ["$0.12", 120_000],
    ["$0.00", 0],
    ["$1,234.56", 1_234_560_000],
    ["$ 20.18", 20_180_000],
    ["US$ 3", 3_000_000],
    ["20.18 USD", 20_180_000],
    ["20.18 $", 20_180_000],
    ["+$0.19", 190_000],
  ];
  for (const [text, amount] of cases) {
    assert.deepEqual(readMoney(text, { name: "cost", unit: "cents" }), { kind: "amount", amount }, text);
    assert.deepEqual(readMoney(text, { name: "cost", unit: "dollars" }), { kind: "amount", amount }, text);
  }
});

Deno.test("readMoney() tells what the plan covers from what is not told", () => {
  const field = { name: "Cost", unit: "dollars" } as const;
  for (const text of ["Included", "included", "Free", "Included in Pro"]) {
    assert.deepEqual(readMoney(text, field), { kind: "included" }, text);
  }
  for (const value of NO_VALUES) assert.deepEqual(readMoney(value, field), { kind: "missing" }, JSON.stringify(value));
});

Deno.test("readMoney() refuses texts that are no amount", () => {
  const refused: Json[] = ["€5", "$", "five", "Freedom", "1.2.3", "12.5%", "1,23", "$1,23", true, [1], { cents: 1 }];
  for (const value of refused) {
    assert.throws(() => readMoney(value, { name: "cost", unit: "dollars" }), UnreadableField, JSON.stringify(value));
  }
});

Deno.test("readCents() keeps an unknown amount unknown and takes covered for nothing to pay", () => {
  assert.equal(readCents(791, "used"), micros(7_910_000));
  assert.equal(readCents("$7.91", "used"), micros(7_910_000));
  assert.equal(readCents("Included", "used"), 0);
  assert.equal(readCents("-", "used"), null);
  assert.equal(readCents(undefined, "used"), null);
});

Deno.test("readPercent() reads numbers and text, and goes on above 100", () => {
  const cases: [Json, number][] = [[4.44, 4.44], [0, 0], ["27", 27], ["27%", 27], ["27 %", 27], ["120.5", 120.5]];
  for (const [value, expected] of cases) assert.equal(readPercent(value, "autoPercentUsed"), expected);
  for (const value of NO_VALUES) assert.equal(readPercent(value, "autoPercentUsed"), null, JSON.stringify(value));
  for (const value of [-1, "-3 %", "half", "Infinity", true, []] as Json[]) {
    assert.throws(() => readPercent(value, "autoPercentUsed"), UnreadableField, JSON.stringify(value));
  }
});

Deno.test("readInstant() reads ISO text, epoch milliseconds and bare dates, all as UTC", () => {
  const cases: [Json, string][] = [
    ["2026-03-22T12:05:41.000Z", "2026-03-22T12:05:41Z"],
    ["2026-03-22T14:05:41+02:00", "2026-03-22T12:05:41Z"],
    [1_774_181_141_000, "2026-03-22T12:05:41Z"],
    ["1774181141000", "2026-03-22T12:05:41Z"],
    ["2026-11-10", "2026-11-10T00:00:00Z"],
  ];
  for (const [value, expected] of cases) {
    assert.equal(readInstant(value, "billingCycleStart")?.toString(), expected, JSON.stringify(value));
  }
  for (const value of [undefined, null, "", "-"]) assert.equal(readInstant(value, "billingCycleStart"), null);
});

Deno.test("readInstant() refuses times without a zone, dates that do not exist and other types", () => {
  for (const value of ["2026-03-22T12:05:41", "2026-02-30", "yesterday", "12:05", 2026, true, {}] as Json[]) {
    assert.throws(() => readInstant(value, "billingCycleStart"), UnreadableField, JSON.stringify(value));
  }
});

Deno.test("readObject() answers an empty object where there is none and refuses other types", () => {
  assert.deepEqual(readObject({ plan: { used: 1 } }, "plan"), { used: 1 });
  assert.deepEqual(readObject({ plan: null }, "plan"), {});
  assert.deepEqual(readObject({}, "plan"), {});
  assert.throws(() => readObject({ plan: [] }, "plan"), unreadable(/'plan' as it must be an object/));
  assert.throws(() => readObject({ plan: "pro" }, "plan"), UnreadableField);
});

Deno.test("UnreadableField shows no more than sixty characters of a long value", () => {
  const { message } = new UnreadableField("cost", "9".repeat(500), "short");
  assert.ok(message.length < 140, message);
  assert.match(message, /9…$/);
});

Deno.test("readExactCents() keeps every digit, in cents whatever the unit is", () => {
  const cents = { name: "totalCents", unit: "cents" } as const;
  assert.equal(readExactCents(18.167999267578125, cents), 18.167999267578125);
  assert.equal(Number(readExactCents("40.167", cents)), 40.167);
  assert.equal(Number(readExactCents("$1,234.56", cents)), 123_456);
  assert.equal(Number(readExactCents("5e-7", { ...cents, unit: "dollars" })), 0.00005);
  assert.equal(Number(readExactCents(0.12, { ...cents, unit: "dollars" })), 12);
  for (const value of [...NO_VALUES, "Included"]) assert.equal(readExactCents(value, cents), null);
  for (const value of ["five", -1, 1e300, true]) {
    assert.throws(() => readExactCents(value, cents), unreadable(/^Cannot read 'totalCents'/));
  }
});

Deno.test("tryRead() takes a field that cannot be read for unknown, tells it, and lets other errors through", () => {
  const told: string[] = [];
  assert.equal(tryRead(() => readCount("7", "page"), (problem) => told.push(problem)), 7);
  assert.equal(tryRead(() => readCount("many", "page"), (problem) => told.push(problem)), null);
  assert.deepEqual(told, [`Cannot read 'page' as it must be a count of zero or more: current value is "many"`]);
  assert.throws(() => tryRead(() => micros(0.5)), RangeError);
});
