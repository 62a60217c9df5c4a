import type { Micros } from "../money.ts";

/** Where the spend will end, against the budget. */
export const PROJECTION_STATUSES = ["on_track", "at_risk", "over", "no_budget", "unknown"] as const;
export type ProjectionStatus = typeof PROJECTION_STATUSES[number];

/**
 * on_track up to 95 % of the budget, at_risk up to all of it, over beyond; the limits belong to the lower status.
 * Unknown where the cost is; no_budget where none is set. What is spent already counts where nothing can be projected.
 */
export function projectionStatus(
  { spend, projected, budget }: { spend: Micros | null; projected: Micros | null; budget: Micros | null },
): ProjectionStatus {
  if (spend === null) return "unknown";
  if (budget === null) return "no_budget";
  if (spend > budget) return "over";
  if (projected === null) return "unknown";
  if (projected > budget) return "over";
  return 100n * BigInt(projected) <= 95n * BigInt(budget) ? "on_track" : "at_risk";
}
