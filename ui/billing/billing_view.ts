import {
  type BillingSummary,
  type ExpensiveModel,
  expensiveModels,
  type ModelChoice,
  modelChoices,
  modelMatrix,
  type ModelMonth,
  type ModelSpend,
  modelSpend,
  type MonthlySpend,
  monthlySpend,
  userMatrix,
  type UserMonth,
  type UserSpend,
  userSpend,
} from "../../domain/billing/analytics/mod.ts";
import { colorsOf, type ModelColors } from "../model_colors.ts";
import { type BillingData, summaryOf } from "./billing_data.ts";

/** A calendar month with what it is made of. */
export interface MonthView {
  readonly spend: MonthlySpend;
  /** The costliest first. */
  readonly models: readonly ModelMonth[];
  /** The top spender first. */
  readonly users: readonly UserMonth[];
}

/** What a report and the billing page show. */
export interface BillingView {
  readonly summary: BillingSummary;
  /** Newest first. */
  readonly months: readonly MonthView[];
  readonly users: readonly UserSpend[];
  readonly models: readonly ModelSpend[];
  readonly expensive: readonly ExpensiveModel[];
  readonly choices: readonly ModelChoice[];
  /** Models without a colour are drawn together. */
  readonly colorOf: ModelColors;
  /** How many users a table lists at most. */
  readonly topUsers: number;
  /** Where a user's name leads to; null where it leads nowhere. */
  readonly hrefOfUser: ((user: string) => string) | null;
}

/** A file's or a page's own part of the view. */
export interface ViewOptions extends Pick<BillingView, "topUsers" | "hrefOfUser"> {
  /** The models' colours on every page, so that a filter changes none. Default: those of the data alone. */
  readonly colorOf?: ModelColors;
}

/** Works out everything that is shown. */
export function billingView(data: BillingData, { colorOf, ...options }: ViewOptions): BillingView {
  const { rows, months } = data;
  const chosen = new Set(months.map(({ month }) => month));
  const models = modelSpend(rows, months);
  const modelsOf = Map.groupBy(modelMatrix(rows), ({ month }) => month);
  const usersOf = Map.groupBy(userMatrix(rows), ({ month }) => month);
  return {
    summary: summaryOf(data),
    months: monthlySpend(data.rowsOfAllMonths, data.allMonths).filter(({ month }) => chosen.has(month)).reverse()
      .map((spend) => (
        { spend, models: modelsOf.get(spend.month) ?? [], users: usersOf.get(spend.month) ?? [] }
      )),
    users: userSpend(rows, months),
    models,
    expensive: expensiveModels(rows),
    choices: modelChoices(rows),
    colorOf: colorOf ?? colorsOf(new Map(models.map(({ model, total }) => [model, total]))),
    ...options,
  };
}
