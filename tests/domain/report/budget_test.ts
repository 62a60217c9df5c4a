import { TrackerError } from "../../../domain/errors.ts";
import { budgetFromCents, budgetFromDollars } from "../../../domain/report/budget.ts";
import assert from "node:assert/strict";

function refuses(read: () => unknown, message: RegExp): void {
  assert.throws(read, (error) => {
    assert.ok(error instanceof TrackerError);
    assert.equal(error.exitCode, 2);
    assert.match(error.message, message);
    assert.notEqual(error.hint, null);
    return true;
  });
}

Deno.test("budgetFromDollars() reads what people type", () => {
  const read = ["20", "$20.00", " $ 20.5 ", "1,250.50", "0", ".99", "19.9900", "$1,000,000.00"].map(budgetFromDollars);
  assert.deepEqual(read, [
    20_000_000,
    20_000_000,
    20_500_000,
    1_250_500_000,
    0,
    990_000,
    19_990_000,
    1_000_000_000_000,
  ]);
});

Deno.test("budgetFromDollars() refuses a negative, fractional-cent, absurd or unreadable amount", () => {
  refuses(() => budgetFromDollars("-5"), /must be zero or more: current value is "-5"/);
  refuses(() => budgetFromDollars("20.005"), /must be whole cents: current value is "20.005"/);
  refuses(() => budgetFromDollars("20.00000000001"), /must be whole cents/);
  refuses(() => budgetFromDollars("1000000.01"), /must be at most \$1,000,000\.00/);
  refuses(() => budgetFromDollars("9".repeat(60)), /must be at most \$1,000,000\.00/);
  for (const text of ["", "$", "NaN", "Infinity", "twenty", "1e3", "1,00", "20,50", "0x14", "20 €", "1 000"]) {
    refuses(() => budgetFromDollars(text), /must be an amount of dollars such as 20 or \$20\.00/);
  }
});

Deno.test("budgetFromCents() takes whole cents", () => {
  assert.deepEqual([2000, 0, 1, 100_000_000].map(budgetFromCents), [20_000_000, 0, 10_000, 1_000_000_000_000]);
});

Deno.test("budgetFromCents() refuses a negative, fractional, absurd or missing number", () => {
  refuses(() => budgetFromCents(-1), /must be zero or more: current value is -1 cents/);
  refuses(() => budgetFromCents(2000.5), /must be a whole number of cents: current value is 2000\.5 cents/);
  refuses(() => budgetFromCents(NaN), /must be a whole number of cents: current value is NaN cents/);
  refuses(() => budgetFromCents(Infinity), /must be a whole number of cents/);
  refuses(() => budgetFromCents(100_000_001), /must be at most \$1,000,000\.00/);
  refuses(() => budgetFromCents(1e300), /must be at most \$1,000,000\.00/);
});
