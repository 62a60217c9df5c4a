import { billableOf, NO_EMAIL, userOf } from "../billing/billable.ts";
import { endOfMonth, startOfMonth } from "../billing/month.ts";
import { tryRead } from "../fields.ts";
import type { JsonObject } from "../json.ts";
import { type Micros, micros } from "../money.ts";
import { emailOf, feeOf, kindTextOf, listPriceOf, modelOf, timeOf } from "../readers/event.ts";
import type { ExportColumn } from "./table.ts";

/** Who gets the invoice. */
interface BillingAccount {
  readonly id: string;
  readonly name: string | null;
}

/** How much of something was used: tokens, or requests where no tokens are told. */
interface Quantity {
  readonly amount: number;
  readonly unit: "Tokens" | "Requests";
}

/** A billed event as a charge of FOCUS. What nobody knows is null. */
interface FocusCharge {
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
  const verdict = billableOf(event);
  if (!verdict.isBilled) return null;
  const [listPrice, fee] = [tryRead(() => listPriceOf(event)), tryRead(() => feeOf(event))];
  const [user, model] = [userOf(event), modelOf(event)];
  return {
    account,
    ...periods(tryRead(() => timeOf(event)), month),
    user: user === NO_EMAIL ? null : user,
    userType: user === NO_EMAIL ? null : emailOf(event) !== "" ? "User" : "Service Account",
    model,
    description: `${kindTextOf(event)}: ${model}${event["maxMode"] === true ? " in max mode" : ""}`,
    ...quantities(event, verdict.tokens.total),
    // A charge without a unit price is listed at what is billed for it.
    listCost: listPrice === null || fee === null ? verdict.amount : micros(listPrice + fee),
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
function periods(at: Temporal.Instant | null, month: Temporal.PlainYearMonth) {
  const billingStart = startOfMonth(month);
  const billingEnd = endOfMonth(month);
  if (at === null) return { billingStart, billingEnd, chargeStart: billingStart, chargeEnd: billingEnd };
  const chargeStart = Temporal.Instant.fromEpochMilliseconds(Math.floor(at.epochMilliseconds / 1000) * 1000);
  return { billingStart, billingEnd, chargeStart, chargeEnd: chargeStart.add({ seconds: 1 }) };
}

/** The 21 mandatory columns of FOCUS 1.2 and those of the others that can be told, in alphabetical order. */
export const FOCUS_COLUMNS: readonly ExportColumn<FocusCharge>[] = [
  dollars("BilledCost", "what Cursor bills", (charge) => charge.billedCost),
  text("BillingAccountId", "`account_id`, else team@ and the host of CURSOR_ADMIN_URL", ({ account }) => account.id),
  text("BillingAccountName", "`account_name`; else empty", ({ account }) => account.name),
  always("BillingCurrency", "USD"),
  time("BillingPeriodEnd", "start of the next calendar month, UTC", (charge) => charge.billingEnd),
  time("BillingPeriodStart", "start of the calendar month, UTC", (charge) => charge.billingStart),
  always("ChargeCategory", "Usage"),
  text("ChargeClass", "always empty: no correction of an earlier period", () => null),
  text("ChargeDescription", "the kind, the model, and whether in max mode", (charge) => charge.description),
  always("ChargeFrequency", "Usage-Based"),
  time("ChargePeriodEnd", "one second later; without a time the month's end", (charge) => charge.chargeEnd),
  time(
    "ChargePeriodStart",
    "the second of the request, UTC; without a time the month's start",
    (charge) => charge.chargeStart,
  ),
  number("ConsumedQuantity", "all tokens of the request; 1 where they are not told", ({ consumed }) => consumed.amount),
  text("ConsumedUnit", '"Tokens", or "Requests" where tokens are not told', ({ consumed }) => consumed.unit),
  dollars("ContractedCost", "the same as BilledCost", (charge) => charge.billedCost),
  dollars("EffectiveCost", "the same as BilledCost", (charge) => charge.billedCost),
  always("InvoiceIssuerName", "Cursor"),
  dollars(
    "ListCost",
    "price before discounts, with Cursor's fee; BilledCost where not told",
    (charge) => charge.listCost,
  ),
  always("PricingCategory", "Standard"),
  number(
    "PricingQuantity",
    "ConsumedQuantity, or the request units that the plan counts",
    ({ priced }) => priced.amount,
  ),
  text("PricingUnit", "the same as ConsumedUnit", ({ priced }) => priced.unit),
  always("ProviderName", "Cursor"),
  always("PublisherName", "Cursor"),
  always("ServiceCategory", "AI and Machine Learning"),
  always("ServiceName", "Cursor"),
  always("ServiceSubcategory", "Generative AI"),
  text("SkuId", "the model, or (no model)", (charge) => charge.model),
  text("SubAccountId", "the user's e-mail or the service account; else empty", (charge) => charge.user),
  text("SubAccountName", "the same as SubAccountId", (charge) => charge.user),
  text("SubAccountType", '"User" or "Service Account"; empty without SubAccountId', (charge) => charge.userType),
];

type Column = ExportColumn<FocusCharge>;

function always(name: string, value: string): Column {
  return text(name, `always "${value}"`, () => value);
}

function text(name: string, meaning: string, value: (charge: FocusCharge) => string | null): Column {
  return { name, meaning, type: "text", value };
}

function dollars(name: string, meaning: string, value: (charge: FocusCharge) => Micros | null): Column {
  return { name, meaning, type: "dollars", value };
}

function time(name: string, meaning: string, value: (charge: FocusCharge) => Temporal.Instant): Column {
  return { name, meaning, type: "time", value: (charge) => value(charge).toString({ smallestUnit: "second" }) };
}

function number(name: string, meaning: string, value: (charge: FocusCharge) => number): Column {
  return { name, meaning, type: "number", value };
}
