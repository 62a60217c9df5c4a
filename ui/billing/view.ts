import {
  type AnalyzedMonth,
  modelMatrix,
  type ModelMonth,
  type MonthlySpend,
  monthlySpend,
  userMatrix,
  type UserMonth,
} from "../../domain/billing/analytics/months.ts";
import {
  type BillingSummary,
  billingSummary,
  type ExpensiveModel,
  expensiveModels,
  type ModelChoice,
  modelChoices,
  type ModelSpend,
  modelSpend,
  type UserSpend,
  userSpend,
} from "../../domain/billing/analytics/spend.ts";
import { totalsBy } from "../../domain/billing/analytics/totals.ts";
import type { ExcludedSum } from "../../domain/billing/ledger.ts";
import type { RollupRow } from "../../domain/billing/rollup.ts";
import type { Services } from "../services.ts";
import { colorsOf, type ModelColors } from "../words/model_colors.ts";

/** What of the billing is looked at; everything where nothing is named. */
export interface BillingFilter {
  /** "2026-01". */
  readonly month?: string | undefined;
  readonly user?: string | undefined;
  readonly model?: string | undefined;
}

/** What answers and pages about billing are made from. */
export interface BillingData {
  /** Those of the filter. */
  readonly rows: readonly RollupRow[];
  /** Of the filter's user and model, but of all months: growth needs the month before. */
  readonly rowsOfAllMonths: readonly RollupRow[];
  /** The filter's months, oldest first; `events` are those of the filter. */
  readonly months: readonly AnalyzedMonth[];
  readonly allMonths: readonly AnalyzedMonth[];
  /** Of the filter's months and user: what was left out is not known by model. */
  readonly excluded: readonly ExcludedSum[];
  /** The calendar month (UTC) that goes on, "2026-01". */
  readonly currentMonth: string;
}

/** Reads what the filter lets through. */
export function readBilling(
  { stores, clock }: Pick<Services, "stores" | "clock">,
  filter: BillingFilter = {},
): BillingData {
  const { rollups } = stores;
  const { month, user, model } = filter;
  const ofUser = user === undefined ? {} : { user };
  const rowsOfAllMonths = rollups.rows({ ...ofUser, ...(model === undefined ? {} : { model }) });
  const isChosen = (of: { readonly month: string }) => month === undefined || of.month === month;
  const totals = totalsBy(rowsOfAllMonths, (row) => row.month);
  const allMonths = rollups.months().map(({ month, isComplete }) => (
    { month, isComplete, events: totals.get(month)?.requests ?? 0 }
  ));
  return {
    rows: month === undefined ? rowsOfAllMonths : rowsOfAllMonths.filter(isChosen),
    rowsOfAllMonths,
    months: allMonths.filter(isChosen),
    allMonths,
    excluded: rollups.excluded({ ...(month === undefined ? {} : { months: [month] }), ...ofUser }),
    currentMonth: clock.now().toZonedDateTimeISO("UTC").toPlainDate().toPlainYearMonth().toString(),
  };
}

/** The figures at the top. The current month is told whichever month is chosen. */
export function summaryOf(data: BillingData): BillingSummary {
  const { rows, months, rowsOfAllMonths, allMonths, excluded, currentMonth } = data;
  const chosen = billingSummary(rows, { months, excluded, currentMonth });
  if (months.length === allMonths.length) return chosen;
  const all = billingSummary(rowsOfAllMonths, { months: allMonths, excluded, currentMonth });
  return { ...chosen, currentMonth: all.currentMonth };
}

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
interface ViewOptions extends Pick<BillingView, "topUsers" | "hrefOfUser"> {
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
