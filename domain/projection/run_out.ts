import type { Pool } from "../capture/usage.ts";
import { type BillingCycle, cycleEnd } from "../cycle.ts";
import type { Micros } from "../money.ts";
import { cycleTimes, DAY_MS } from "./spending.ts";

/** When an allowance is used up at the current pace. */
export type RunOut =
  | { readonly kind: "at"; readonly at: Temporal.Instant }
  /** It is used up already. */
  | { readonly kind: "gone" }
  /** It lasts to the end of the cycle. */
  | { readonly kind: "lasts" }
  | { readonly kind: "unknown" };

/** Beyond this, a cycle without an end counts as lasting. */
const FAR_DAYS = 366;

interface Standing {
  readonly cycle: BillingCycle;
  readonly asOf: Temporal.Instant;
}

/** When the budget is used up, going on with `perDay`. A budget that is spent to the last micro-dollar is gone. */
export function budgetRunOut(
  standing: Standing,
  { spend, budget, perDay }: { spend: Micros | null; budget: Micros | null; perDay: Micros | null },
): RunOut {
  if (spend === null || budget === null) return { kind: "unknown" };
  return runOut(standing, { left: budget - spend, perDay });
}

/** When the pool reaches 100 %, at its average pace since the cycle's start. */
export function poolRunOut(standing: Standing, pool: Pool): RunOut {
  const percent = percentUsed(pool);
  const times = cycleTimes(standing);
  if (percent === null) return { kind: "unknown" };
  return runOut(standing, { left: 100 - percent, perDay: times === null ? null : percent * DAY_MS / times.elapsedMs });
}

/** The pool's percentage: as the page tells it, else worked out from its amounts. Null where it tells neither. */
export function percentUsed({ percentUsed, used, limit }: Pool): number | null {
  if (percentUsed !== null) return percentUsed;
  return used === null || limit === null || limit <= 0 ? null : used / limit * 100;
}

/** `left` and `perDay` in the same unit. */
function runOut({ cycle, asOf }: Standing, { left, perDay }: { left: number; perDay: number | null }): RunOut {
  if (left <= 0) return { kind: "gone" };
  if (perDay === null) return { kind: "unknown" };
  if (perDay <= 0 || left / perDay > FAR_DAYS) return { kind: "lasts" };
  const at = asOf.add({ milliseconds: Math.ceil(left / perDay * DAY_MS) });
  const end = cycleEnd(cycle);
  return end !== null && Temporal.Instant.compare(at, end) >= 0 ? { kind: "lasts" } : { kind: "at", at };
}
