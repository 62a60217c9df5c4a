import type { TimeRange } from "../clock.ts";
import { type BillingCycle, cycleEnd } from "../cycle.ts";
import type { Micros } from "../money.ts";

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

/** A stored usage table. Between `capturedAt` and `lastCheckedAt` scrapes found the same. */
export interface Snapshot {
  readonly id: number;
  readonly capturedAt: Temporal.Instant;
  readonly lastCheckedAt: Temporal.Instant;
  readonly cycle: BillingCycle;
  readonly tableHash: string;
  readonly rowsCount: number;
  readonly source: Source;
  readonly membership: string | null;
}

/** A snapshot that is not stored yet. */
interface NewSnapshot {
  readonly usage: Usage;
  readonly tableHash: string;
  readonly capturedAt: Temporal.Instant;
  readonly captureId: number | null;
  /** The place in the capture of the payload that its rows came from. */
  readonly payload: number | null;
}

/** Snapshots with their rows and pools. */
export interface UsageStore {
  /** The newest snapshot by time of capture. */
  latest(): Snapshot | null;
  /** The newest snapshot at or before a moment. */
  latestAt(at: Temporal.Instant): Snapshot | null;
  find(snapshotId: number): Snapshot | null;
  rows(snapshotId: number): UsageRow[];
  /** The pools as last read, up to the snapshot's last check. */
  pools(snapshotId: number): Pool[];
  /** Stores a new snapshot. */
  insert(snapshot: NewSnapshot): Snapshot;
  /** Moves the snapshot's `lastCheckedAt` forward, and keeps the pools where they changed. */
  check(snapshotId: number, at: Temporal.Instant, pools: readonly Pool[]): void;
  /**
   * Puts a snapshot that was read anew into the place of `old` from its `capturedAt` on, up to the last check of `old`.
   * Where both are of one capture `old` stays superseded; else `old` ends at `checkedBefore`.
   */
  replace(old: Snapshot, snapshot: NewSnapshot & { readonly checkedBefore: Temporal.Instant }): Snapshot;
  /** Rows of the snapshots that were captured in the range, oldest first, as they are asked for. */
  readRows(range?: TimeRange): Iterable<{ readonly snapshot: Snapshot; readonly row: UsageRow }>;
}

/** Two hourly scrapes may be missed, and the third be under way, before the figures count as stale. */
const STALE_AFTER_MINUTES = 130;

/** Whether the figures may no longer be true: not checked for a while, or of a cycle that has ended. */
export function isStale(snapshot: Pick<Snapshot, "lastCheckedAt" | "cycle">, now: Temporal.Instant): boolean {
  const end = cycleEnd(snapshot.cycle);
  const hasEnded = end !== null && Temporal.Instant.compare(now, end) >= 0;
  return hasEnded || snapshot.lastCheckedAt.until(now).total("minutes") > STALE_AFTER_MINUTES;
}

/** A cap on spend. */
interface SpendLimit {
  readonly kind: "spend";
  readonly name: string;
  /** Null where there is no cap, and where the amount is not told. */
  readonly limit: Micros | null;
  readonly isUnlimited: boolean;
  /** Whether spending beyond the plan is switched on; null where it is not told. */
  readonly isAllowed: boolean | null;
}

/** An allowance of requests on an old request plan. Requests are not money. */
export interface RequestLimit {
  readonly kind: "requests";
  readonly name: string;
  readonly used: number | null;
  readonly limit: number | null;
}

/** What a payload says about limits. */
export type Limit = SpendLimit | RequestLimit;

/** A line of a monthly invoice. A credit is negative; an amount that is not told is null. */
export interface InvoiceItem {
  readonly description: string;
  readonly amount: Micros | null;
}

/** A monthly invoice, as asked for. */
export interface Invoice {
  /** Null where the request did not tell. */
  readonly month: Temporal.PlainYearMonth | null;
  readonly items: readonly InvoiceItem[];
}
