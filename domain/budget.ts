import { TrackerError } from "./errors.ts";
import { type Micros, microsFromCents, microsFromDollars } from "./money.ts";

const MICROS_PER_CENT = 10_000;
/** The largest budget that is taken for meant: a million dollars. */
const LARGEST: number = 1_000_000 * 1_000_000;
const DOLLARS = /^\$?\s*(-?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?)$/;

/**
 * A budget as a person types it in dollars: "20", "$20.00", "1,250.50". Zero is allowed.
 * @throws TrackerError (exit 2) for anything else than whole cents from $0 to $1,000,000.
 */
export function budgetFromDollars(text: string): Micros {
  const digits = DOLLARS.exec(text.trim())?.[1] ?? "";
  const amount = microsFromDollars(digits.replaceAll(",", ""));
  if (amount === null) throw refusal("an amount of dollars such as 20 or $20.00", `"${text}"`);
  return checked(amount, `"${text}"`);
}

/**
 * A budget in cents, as the API takes it: 2000 is $20.
 * @throws TrackerError (exit 2) for anything else than whole cents from $0 to $1,000,000.
 */
export function budgetFromCents(cents: number): Micros {
  const amount = Number.isFinite(cents) ? microsFromCents(cents) : null;
  if (amount === null) throw refusal("a whole number of cents", String(cents));
  if (!Number.isInteger(cents)) throw refusal("whole cents", `${cents} cents`);
  return checked(amount, `${cents} cents`);
}

function checked(amount: Micros, shown: string): Micros {
  if (amount < 0) throw refusal("zero or more", shown);
  if (amount > LARGEST) throw refusal("at most $1,000,000.00", shown);
  if (amount % MICROS_PER_CENT !== 0) throw refusal("whole cents", shown);
  return amount;
}

function refusal(rule: string, shown: string): TrackerError {
  return new TrackerError(`Cannot set the budget as it must be ${rule}: current value is ${shown}`, {
    hint: "Give dollars with at most two decimals, for example 'tracker budget set 20' or 'tracker budget set 19.99'.",
    exitCode: 2,
  });
}
