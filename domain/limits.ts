import type { Micros } from "./money.ts";

/** A cap on spend. */
export interface SpendLimit {
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
