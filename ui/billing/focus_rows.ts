import { judge } from "../../domain/billing/billable.ts";
import { costParts } from "../../domain/billing/event_cost.ts";
import { hasEmail, kindOf, modelOf, NO_EMAIL, timeMsOf, userOf } from "../../domain/billing/event_fields.ts";
import { endOfMonth, startOfMonth } from "../../domain/billing/windows.ts";
import type { JsonObject } from "../../domain/json.ts";
import { type Micros, micros } from "../../domain/money.ts";

/** Who gets the invoice. */
export interface BillingAccount {
  readonly id: string;
  readonly name: string | null;
}

/** How much of something was used: tokens, or requests where no tokens are told. */
export interface Quantity {
  readonly amount: number;
  readonly unit: "Tokens" | "Requests";
}

/** A billed event as a charge of FOCUS. What nobody knows is null. */
export interface FocusCharge {
  readonly account: BillingAccount;
  readonly billingStart: Temporal.Instant;
  /** Exclusive, as `chargeEnd` is. */
  readonly billingEnd: Temporal.Instant;
  readonly chargeStart: Temporal.Instant;
  readonly chargeEnd: Temporal.Instant;
  readonly user: string | null;
  readonly userType: "User" | "Service Account" | null;
  readonly model: string;
  readonly description: string;
  readonly consumed: Quantity;
  readonly priced: Quantity;
  /** With Cursor's fee, so that what is left after subtracting the billed cost is the discount. */
  readonly listCost: Micros;
  readonly billedCost: Micros;
}

/** The account to export: FOCUS wants an id in every row, and Cursor tells none. */
export function billingAccount(
  { accountId, accountName }: { accountId: string | null; accountName: string | null },
  adminUrl: URL,
): BillingAccount {
  return { id: accountId ?? `team@${adminUrl.host}`, name: accountName };
}

/** The charge of an event of the month; null where it is not billed, as may be in a file of another tool. */
export function focusCharge(
  event: JsonObject,
  { month, account }: { month: Temporal.PlainYearMonth; account: BillingAccount },
): FocusCharge | null {
  const verdict = judge(event);
  if (!verdict.isBilled) return null;
  const { listPrice, fee } = costParts(event);
  const [user, model] = [userOf(event), modelOf(event)];
  return {
    account,
    ...periods(timeMsOf(event), month),
    user: user === NO_EMAIL ? null : user,
    userType: user === NO_EMAIL ? null : hasEmail(event) ? "User" : "Service Account",
    model,
    description: `${kindOf(event)}: ${model}${event["maxMode"] === true ? " in max mode" : ""}`,
    ...quantities(event, verdict.tokens.total),
    // A charge without a unit price is listed at what is billed for it.
    listCost: listPrice === null ? verdict.amount : micros(listPrice + fee),
    billedCost: verdict.amount,
  };
}

/** A row is one request. Request plans price it in requests of their own: a costly model's counts for several. */
function quantities(event: JsonObject, tokens: number): { consumed: Quantity; priced: Quantity } {
  if (tokens > 0) {
    const quantity = { amount: tokens, unit: "Tokens" } as const;
    return { consumed: quantity, priced: quantity };
  }
  const units = Number(event["requestsCosts"]);
  const priced = Number.isFinite(units) && units > 0 ? units : 1;
  return { consumed: { amount: 1, unit: "Requests" }, priced: { amount: priced, unit: "Requests" } };
}

/** FOCUS knows times to the second and ends exclusively: a request is charged in its second, or else in its month. */
function periods(timeMs: number | null, month: Temporal.PlainYearMonth) {
  const billingStart = startOfMonth(month);
  const billingEnd = endOfMonth(month);
  if (timeMs === null) return { billingStart, billingEnd, chargeStart: billingStart, chargeEnd: billingEnd };
  const chargeStart = Temporal.Instant.fromEpochMilliseconds(Math.floor(timeMs / 1000) * 1000);
  return { billingStart, billingEnd, chargeStart, chargeEnd: chargeStart.add({ seconds: 1 }) };
}
