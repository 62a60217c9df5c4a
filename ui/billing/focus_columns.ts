import type { ExportColumn } from "../../domain/export/columns.ts";
import type { Micros } from "../../domain/money.ts";
import type { FocusCharge } from "./focus_rows.ts";

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
