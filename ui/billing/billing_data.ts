import type { RollupRow } from "../../domain/billing/aggregate.ts";
import { type AnalyzedMonth, type BillingSummary, billingSummary } from "../../domain/billing/analytics/mod.ts";
import { totalsBy } from "../../domain/billing/analytics/totals.ts";
import type { ExcludedSum } from "../../domain/billing/ledger.ts";
import type { Services } from "../services.ts";

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
