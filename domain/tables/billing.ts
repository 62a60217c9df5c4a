import { billableOf, userOf } from "../billing/billable.ts";
import type { TokenCounts } from "../capture/usage.ts";
import { tryRead } from "../fields.ts";
import type { JsonObject } from "../json.ts";
import { type Micros, toCents } from "../money.ts";
import { discountOf, feeOf, kindTextOf, listPriceOf, modelOf, timeOf } from "../readers/event.ts";
import { type ExportColumn, tokenColumns } from "./table.ts";

/** A billed event of a month. What nobody knows is null. */
export interface BilledEvent {
  readonly month: Temporal.PlainYearMonth;
  readonly at: Temporal.Instant | null;
  readonly user: string;
  readonly model: string;
  readonly kind: string;
  readonly maxMode: boolean | null;
  readonly tokens: TokenCounts;
  readonly listPrice: Micros | null;
  readonly discount: Micros | null;
  readonly fee: Micros | null;
  readonly billed: Micros;
}

/** The event as it is exported; null where it is not billed, as may be in a file of another tool. */
export function billedEvent(event: JsonObject, month: Temporal.PlainYearMonth): BilledEvent | null {
  const verdict = billableOf(event);
  if (!verdict.isBilled) return null;
  return {
    month,
    at: tryRead(() => timeOf(event)),
    user: userOf(event),
    model: modelOf(event),
    kind: kindTextOf(event),
    maxMode: typeof event["maxMode"] === "boolean" ? event["maxMode"] : null,
    tokens: verdict.tokens,
    listPrice: tryRead(() => listPriceOf(event)),
    discount: tryRead(() => discountOf(event)),
    fee: tryRead(() => feeOf(event)),
    billed: verdict.amount,
  };
}

const MONTH: ExportColumn<BilledEvent> = {
  name: "month",
  type: "text",
  meaning: "calendar month, UTC; in Parquet the folder `month=2026-01`",
  value: ({ month }) => month.toString(),
};

/** The columns of `tracker export billing`, after the month. Money is in micro-dollars: 10,000 are a cent. */
const COLUMNS: readonly ExportColumn<BilledEvent>[] = [
  { name: "timestamp", type: "time", meaning: "time of the event", value: ({ at }) => at?.toString() ?? null },
  {
    name: "user",
    type: "text",
    meaning: "e-mail; else `service account …` or `(no e-mail)`",
    value: ({ user }) => user,
  },
  { name: "model", type: "text", meaning: "the model's name, or `(no model)`", value: ({ model }) => model },
  { name: "kind", type: "text", meaning: "the kind as Cursor wrote it", value: ({ kind }) => kind },
  { name: "max_mode", type: "boolean", meaning: "true, false or empty", value: ({ maxMode }) => maxMode },
  ...tokenColumns(({ tokens }: BilledEvent) => tokens),
  {
    name: "list_price_micros",
    type: "integer",
    meaning: "price before discounts, in millionths of a dollar; empty where it is not told or cannot be read",
    value: ({ listPrice }) => listPrice,
  },
  {
    name: "discount_micros",
    type: "integer",
    meaning: "discount, in millionths of a dollar; empty where it is not told or cannot be read",
    value: ({ discount }) => discount,
  },
  {
    name: "fee_micros",
    type: "integer",
    meaning: "Cursor's fee, in millionths of a dollar; empty where it is not told or cannot be read",
    value: ({ fee }) => fee,
  },
  {
    name: "billed_micros",
    type: "integer",
    meaning: "what is billed, in millionths of a dollar",
    value: ({ billed }) => billed,
  },
  {
    name: "billed_cents",
    type: "integer",
    meaning: "the same in cents, rounded half to even",
    value: ({ billed }) => toCents(billed),
  },
];

export const BILLING_EXPORT_COLUMNS: readonly ExportColumn<BilledEvent>[] = [MONTH, ...COLUMNS];

/** Without the month, which is the folder's name where readers of partitioned tables look for it. */
export const BILLING_PARTITION_COLUMNS: readonly ExportColumn<BilledEvent>[] = COLUMNS;
