import { budgetFromDollars } from "../../../domain/budget.ts";
import { TrackerError } from "../../../domain/errors.ts";
import type { Micros } from "../../../domain/money.ts";
import { budgetJson } from "../../budget_json.ts";
import type { WebApp, WebServices } from "../app.tsx";
import { withFlash } from "../flash.ts";
import { readForm } from "../form.ts";

/** POST /settings/budget and /settings/doctor: the page's forms, which work without any script. */
export function settingsForms(app: WebApp, { stores, clock, log, doctorMemo }: WebServices): void {
  app.post("/settings/budget", async (context) => {
    const amount = amountOf((await readForm(context)).get("dollars") ?? "");
    if (amount === null) return context.redirect(withFlash("/settings", "budget-refused"), 303);
    const set = budgetJson(stores.budgets.set(amount, clock.now()));
    log.info("budget.set", { cents: set.effective_budget_cents });
    return context.redirect(withFlash("/settings", "budget-set"), 303);
  });
  app.post("/settings/doctor", (context) => {
    void doctorMemo.look();
    return context.redirect(withFlash("/settings", "doctor-looking"), 303);
  });
}

/** Null for what is no budget. */
function amountOf(dollars: string): Micros | null {
  try {
    return budgetFromDollars(dollars);
  } catch (error) {
    if (!(error instanceof TrackerError)) throw error;
    return null;
  }
}
