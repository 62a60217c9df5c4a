import type { TokenCounts, UsageRow } from "../../../domain/capture/usage.ts";
import { type BillingCycle, cycleOfDates } from "../../../domain/cycle.ts";
import { ZERO } from "../../../domain/money.ts";

/** 10 November to 10 December 2026. */
export const CYCLE: BillingCycle = cycleOfDates(
  Temporal.PlainDate.from("2026-11-10"),
  Temporal.PlainDate.from("2026-12-10"),
);

/** A row of zeros, but for what is given. The total is not added up. */
export function usageRow(
  { tokens = {}, ...row }: Partial<Omit<UsageRow, "tokens">> & { tokens?: Partial<TokenCounts> } = {},
): UsageRow {
  return {
    model: "m",
    apiCost: ZERO,
    costToYou: ZERO,
    costBasis: "included",
    ...row,
    tokens: { inputWithCacheWrite: 0, inputWithoutCacheWrite: 0, cacheRead: 0, output: 0, total: 0, ...tokens },
  };
}
