import type { Micros } from "./money.ts";

/** What a money figure is. A sum that contains several says which. */
export const COST_BASES = ["billed", "included", "estimated", "unknown"] as const;
export type CostBasis = typeof COST_BASES[number];

/** How a snapshot's figures were read. */
export const SOURCES = ["network_json", "dom_table"] as const;
export type Source = typeof SOURCES[number];

/** Token counts of one model or day. The two input columns are disjoint; the four add up to `total`. */
export interface TokenCounts {
  /** "INPUT (W/ CACHE WRITE)": tokens written to the prompt cache. */
  readonly inputWithCacheWrite: number;
  /** "INPUT (W/O CACHE WRITE)": tokens read without touching the cache. */
  readonly inputWithoutCacheWrite: number;
  readonly cacheRead: number;
  readonly output: number;
  readonly total: number;
}

/** One model's figures for the cycle so far. A cost that Cursor does not tell is null, never zero. */
export interface UsageRow {
  readonly model: string;
  readonly tokens: TokenCounts;
  /** "API COST": what the tokens cost at API prices; what the plan's included budget is measured in. */
  readonly apiCost: Micros | null;
  /** "COST TO YOU": what is billed on top of the plan. */
  readonly costToYou: Micros | null;
  readonly costBasis: CostBasis;
}

/** The billing period: dates in UTC, `end` exclusive. A bound that the page does not tell is null. */
export interface BillingCycle {
  readonly start: Temporal.PlainDate | null;
  readonly end: Temporal.PlainDate | null;
  /** The exact bounds, where Cursor tells them: cycles begin at an hour of the day. */
  readonly startAt: Temporal.Instant | null;
  readonly endAt: Temporal.Instant | null;
}

/** An allowance shown in percent, such as "Cursor Models". */
export interface Pool {
  readonly name: string;
  /** 0 to 100 and above, or null where the page does not tell. */
  readonly percentUsed: number | null;
  readonly used: Micros | null;
  readonly limit: Micros | null;
}

/** What one capture says, after normalization. */
export interface Usage {
  readonly cycle: BillingCycle;
  readonly rows: readonly UsageRow[];
  readonly pools: readonly Pool[];
  readonly source: Source;
  /** "pro", "ultra", "enterprise"…, as Cursor names it. */
  readonly membership: string | null;
}
