import { toCents } from "../domain/money.ts";
import type { Budget } from "../domain/stores.ts";

/** A budget as commands and the API show it. */
export function budgetJson({ amount, setAt }: Budget) {
  return { effective_budget_cents: toCents(amount), created_at: setAt.toString() };
}

/** All budgets, newest first, and the one in force; the same for GET /api/budget and `budget show --json`. */
export function budgetsJson(budgets: readonly Budget[]) {
  return { effective_budget_cents: toCents(budgets[0]?.amount ?? null), budgets: budgets.map(budgetJson) };
}
