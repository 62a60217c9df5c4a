import type { Micros } from "../../money.ts";
import type { RollupRow } from "../aggregate.ts";
import { type ExcludedSum, sumByReason } from "../ledger.ts";
import type { AnalyzedMonth } from "./months.ts";
import { costliest, totalOf, totalsBy } from "./totals.ts";

/** The figures at the top of the report. */
export interface BillingSummary {
  readonly total: Micros;
  /** Null where the current month was not fetched. */
  readonly currentMonth: Micros | null;
  readonly monthsAnalyzed: number;
  /** The model that cost most overall. */
  readonly costliestModel: string | null;
  readonly topUser: string | null;
  readonly excluded: readonly ExcludedSum[];
}

/** Sums up what was fetched; `currentMonth` is "2026-01". */
export function billingSummary(
  rows: readonly RollupRow[],
  { months, currentMonth, excluded }: {
    months: readonly AnalyzedMonth[];
    currentMonth: string;
    excluded: Iterable<ExcludedSum>;
  },
): BillingSummary {
  const isFetched = months.some(({ month }) => month === currentMonth);
  return {
    total: totalOf(rows).micros,
    currentMonth: isFetched ? totalOf(rows.filter(({ month }) => month === currentMonth)).micros : null,
    monthsAnalyzed: months.length,
    costliestModel: costliest(totalsBy(rows, (row) => row.model)),
    topUser: costliest(totalsBy(rows, (row) => row.user)),
    excluded: sumByReason(excluded),
  };
}
