import type { ExportColumn } from "../../domain/export/columns.ts";
import type { Micros } from "../../domain/money.ts";
import type { FocusCharge } from "./focus_rows.ts";

/** The 21 mandatory columns of FOCUS 1.2 and those of the others that can be told, in alphabetical order. */
export const FOCUS_COLUMNS: readonly ExportColumn<FocusCharge>[] = [
  dollars("BilledCost", "what Cursor bills", (charge) => charge.billedCost),
  text("BillingAccountId", "always empty: Cursor does not tell it", () => null),
  text("BillingAccountName", "always empty: Cursor does not tell it", () => null),
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
  tokens("ConsumedQuantity", "all tokens of the request; empty where not told"),
  text("ConsumedUnit", '"Tokens" where their number is told', tokenUnit),
  dollars("ContractedCost", "the same as BilledCost", (charge) => charge.billedCost),
  dollars("EffectiveCost", "the same as BilledCost", (charge) => charge.billedCost),
  always("InvoiceIssuerName", "Cursor"),
  dollars("ListCost", "price before discounts, with Cursor's fee; empty where not told", (charge) => charge.listCost),
  tokens("PricingQuantity", "the same as ConsumedQuantity"),
  text("PricingUnit", "the same as ConsumedUnit", tokenUnit),
  always("ProviderName", "Cursor"),
  always("PublisherName", "Cursor"),
  always("ServiceCategory", "AI and Machine Learning"),
  always("ServiceName", "Cursor"),
  always("ServiceSubcategory", "Generative AI"),
  text("SkuId", "the model; empty where none is named", (charge) => charge.model),
  text("SubAccountId", "the user's e-mail or the service account; else empty", (charge) => charge.user),
  text("SubAccountName", "the same as SubAccountId", (charge) => charge.user),
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

function tokens(name: string, meaning: string): Column {
  return { name, meaning, type: "integer", value: (charge) => charge.tokens };
}

function tokenUnit({ tokens }: FocusCharge): string | null {
  return tokens === null ? null : "Tokens";
}
