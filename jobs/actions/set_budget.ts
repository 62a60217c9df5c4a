import type { Clock } from "../../domain/clock.ts";
import type { Log } from "../../domain/log.ts";
import { type Micros, toCents } from "../../domain/money.ts";
import type { Budget } from "../../domain/report/budget.ts";
import type { Stores } from "../../domain/stores.ts";

/** What setting a budget needs. */
interface Parts {
  readonly stores: Pick<Stores, "budgets">;
  readonly clock: Clock;
  readonly log: Log;
}

/** Sets the budget of this cycle and the next ones. @throws RangeError if the amount is not whole cents. */
export function setBudget({ stores, clock, log }: Parts, amount: Micros): Budget {
  const budget = stores.budgets.set(amount, clock.now());
  log.info("budget.set", { cents: toCents(budget.amount) });
  return budget;
}
