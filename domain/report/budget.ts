import { TrackerError } from "../errors.ts";
import { type Micros, microsFromCents, microsFromDollars } from "../money.ts";

/** The largest budget that is taken for meant: a million dollars. */
const LARGEST: number = 1_000_000 * 1_000_000;
const DOLLARS = /^\$?\s*(-?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?)$/;

/**
 * A budget as a person types it in dollars: "20", "$20.00", "1,250.50". Zero is allowed.
 * @throws TrackerError (exit 2) for anything else than whole cents from $0 to $1,000,000.
 */
export function budgetFromDollars(text: string): Micros {
  const shown = `"${text}"`;
  const digits = DOLLARS.exec(text.trim())?.[1]?.replaceAll(",", "") ?? "";
  if (!/\d/.test(digits)) throw refusal("an amount of dollars such as 20 or $20.00", shown);
  if (/\.\d\d\d*[1-9]/.test(digits)) throw refusal("whole cents", shown);
  const amount = microsFromDollars(digits);
  if (amount === null) throw refusal("at most $1,000,000.00", shown);
  return checked(amount, shown);
}

/**
 * A budget in cents, as the API takes it: 2000 is $20.
 * @throws TrackerError (exit 2) for anything else than whole cents from $0 to $1,000,000.
 */
export function budgetFromCents(cents: number): Micros {
  const shown = `${cents} cents`;
  if (!Number.isInteger(cents)) throw refusal("a whole number of cents", shown);
  const amount = microsFromCents(cents);
  if (amount === null) throw refusal("at most $1,000,000.00", shown);
  return checked(amount, shown);
}

function checked(amount: Micros, shown: string): Micros {
  if (amount < 0) throw refusal("zero or more", shown);
  if (amount > LARGEST) throw refusal("at most $1,000,000.00", shown);
  return amount;
}

function refusal(rule: string, shown: string): TrackerError {
  return new TrackerError(`Cannot set the budget as it must be ${rule}: current value is ${shown}`, {
    hint: "Give dollars with at most two decimals, for example 'tracker budget set 20' or 'tracker budget set 19.99'.",
    exitCode: 2,
  });
}

/** What may be spent in a cycle, from the moment it was set until the next one. */
export interface Budget {
  readonly amount: Micros;
  readonly setAt: Temporal.Instant;
}

/** Budgets; a change is a further one, so that the past keeps the one that it had. */
export interface BudgetStore {
  /** @throws RangeError where the amount is not whole cents. */
  set(amount: Micros, at: Temporal.Instant): Budget;
  /** The one in force at a moment. */
  at(moment: Temporal.Instant): Budget | null;
  /** Newest first. */
  list(): Budget[];
}
