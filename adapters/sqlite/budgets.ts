import { type Micros, micros } from "../../domain/money.ts";
import type { Budget, BudgetStore } from "../../domain/report/budget.ts";
import { instantColumn, textOfInstant } from "./columns.ts";
import type { DatabaseSync } from "node:sqlite";
import { z } from "zod";

const MICROS_PER_CENT = 10_000;

const budgetRow = z.object({
  effective_budget_cents: z.number().int().transform((cents): Micros => micros(cents * MICROS_PER_CENT)),
  created_at: instantColumn,
}).transform((row): Budget => ({ amount: row.effective_budget_cents, setAt: row.created_at }));

/** Budgets in SQLite: rows are only ever added. */
export class SqliteBudgetStore implements BudgetStore {
  readonly #db: DatabaseSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  set(amount: Micros, at: Temporal.Instant): Budget {
    if (amount < 0 || amount % MICROS_PER_CENT !== 0) {
      throw new RangeError(`Cannot set the budget as it must be whole cents from zero: current value is ${amount}`);
    }
    const sql = "INSERT INTO budgets (effective_budget_cents, created_at) VALUES (?, ?) RETURNING *";
    return budgetRow.parse(this.#db.prepare(sql).get(amount / MICROS_PER_CENT, textOfInstant(at)));
  }

  at(moment: Temporal.Instant): Budget | null {
    const sql = "SELECT * FROM budgets WHERE created_at <= ? ORDER BY created_at DESC, id DESC LIMIT 1";
    const row = this.#db.prepare(sql).get(textOfInstant(moment));
    return row === undefined ? null : budgetRow.parse(row);
  }

  list(): Budget[] {
    return this.#db.prepare("SELECT * FROM budgets ORDER BY created_at DESC, id DESC").all()
      .map((row) => budgetRow.parse(row));
  }
}
