import { MonthAggregator } from "../../../domain/billing/rollup.ts";
import type { JsonObject } from "../../../domain/json.ts";
import { sumMicros } from "../../../domain/money.ts";
import { billingAccount, FOCUS_COLUMNS, focusCharge } from "../../../domain/tables/focus.ts";
import { tableOf, unsafeText } from "../../../domain/tables/table.ts";
import { generateEvents } from "../../../fixtures/cursor_sim/admin_events.ts";
import { handWorkedMonth, rawEvent, without } from "../billing/raw_events.ts";
import { tableText } from "./table_text.ts";
import { parse } from "csv-parse/sync";
import assert from "node:assert/strict";

/** What FOCUS 1.2 says about a column of a row whose ChargeCategory is "Usage" and that corrects nothing. */
interface Rule {
  readonly mayBeNull?: boolean;
  readonly isAlwaysNull?: boolean;
  readonly allowed?: readonly string[];
  readonly pattern?: RegExp;
}

const DECIMAL = /^-?\d+(?:\.\d+)?$/;
const DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;
const TEXT: Rule = {};

/** Written down from the specification's column pages, by hand: its validator is a Python program. */
const RULES: Readonly<Record<string, Rule>> = {
  BilledCost: { pattern: DECIMAL },
  BillingAccountId: TEXT,
  BillingAccountName: { mayBeNull: true },
  BillingCurrency: { pattern: /^[A-Z]{3}$/ },
  BillingPeriodEnd: { pattern: DATE_TIME },
  BillingPeriodStart: { pattern: DATE_TIME },
  ChargeCategory: { allowed: ["Usage", "Purchase", "Tax", "Credit", "Adjustment"] },
  ChargeClass: { isAlwaysNull: true },
  ChargeDescription: TEXT,
  ChargeFrequency: { allowed: ["One-Time", "Recurring", "Usage-Based"] },
  ChargePeriodEnd: { pattern: DATE_TIME },
  ChargePeriodStart: { pattern: DATE_TIME },
  ConsumedQuantity: { pattern: DECIMAL },
  ConsumedUnit: TEXT,
  ContractedCost: { pattern: DECIMAL },
  EffectiveCost: { pattern: DECIMAL },
  InvoiceIssuerName: TEXT,
  ListCost: { pattern: DECIMAL },
  PricingCategory: { allowed: ["Standard", "Dynamic", "Committed", "Other"] },
  PricingQuantity: { pattern: DECIMAL },
  PricingUnit: TEXT,
  ProviderName: TEXT,
  PublisherName: TEXT,
  ServiceCategory: { allowed: ["AI and Machine Learning"] },
  ServiceName: TEXT,
  ServiceSubcategory: {
    allowed: [
      "Bots",
      "Generative AI",
      "Machine Learning",
      "Natural Language Processing",
      "Other (AI and Machine Learning)",
    ],
  },
  SkuId: TEXT,
  SubAccountId: { mayBeNull: true },
  SubAccountName: { mayBeNull: true },
  SubAccountType: { mayBeNull: true },
};

/** What is wrong with the cell; null where nothing is. */
function fault(text: string, { mayBeNull, isAlwaysNull, allowed, pattern }: Rule): string | null {
  if (isAlwaysNull) return text === "" ? null : "must be null";
  if (text === "") return mayBeNull ? null : "must not be null";
  if (text !== text.trim()) return "must have no space around it";
  if (allowed !== undefined && !allowed.includes(text)) return `must be one of ${allowed.join(", ")}`;
  return pattern === undefined || pattern.test(text) ? null : `must be written as ${pattern}`;
}

/** What is wrong between the columns of a row. */
function relationFaults(row: Record<string, string>): string[] {
  const { BillingPeriodStart = "", BillingPeriodEnd = "", ChargePeriodStart = "", ChargePeriodEnd = "" } = row;
  const faults: [boolean, string][] = [
    [BillingPeriodStart >= BillingPeriodEnd, "the billing period must have a length"],
    [ChargePeriodStart >= ChargePeriodEnd, "the charge period must have a length"],
    [ChargePeriodStart < BillingPeriodStart || ChargePeriodEnd > BillingPeriodEnd, "the charge must be of the period"],
    [(row["SubAccountId"] === "") !== (row["SubAccountType"] === ""), "SubAccountType goes with SubAccountId"],
    [row["SubAccountId"] === "" && row["SubAccountName"] !== "", "SubAccountName goes with SubAccountId"],
    [Number(row["ConsumedQuantity"]) <= 0, "ConsumedQuantity must be positive"],
    [row["ContractedCost"] !== row["BilledCost"] || row["EffectiveCost"] !== row["BilledCost"], "the costs must agree"],
    [row["BillingCurrency"] !== "USD", "the currency must be the dollar"],
  ];
  return faults.filter(([isFault]) => isFault).map(([, text]) => text);
}

async function exported(events: readonly JsonObject[], month: Temporal.PlainYearMonth) {
  const account = billingAccount({ accountId: null, accountName: null }, new URL("https://api.cursor.com"));
  const charges = events.map((event) => focusCharge(event, { month, account })).filter((charge) => charge !== null);
  const text = await tableText(tableOf(FOCUS_COLUMNS, charges), "csv");
  return parse<Record<string, string>>(text, { columns: true });
}

/** Faults of all rows, each with its column and what the cell holds. */
function faultsOf(rows: readonly Record<string, string>[]): string[] {
  return rows.flatMap((row) => [
    ...Object.entries(RULES).flatMap(([column, rule]) => {
      const what = fault(unsafeText(row[column] ?? ""), rule);
      return what === null ? [] : [`${column} "${row[column]}" ${what}`];
    }),
    ...relationFaults(row),
  ]);
}

function dollarsOf(rows: readonly Record<string, string>[]): number {
  return rows.reduce((sum, row) => sum + Math.round(Number(row["BilledCost"]) * 1_000_000), 0);
}

Deno.test("every FOCUS row of a generated month keeps the rules, and the rows add up to the report's total", async () => {
  const month = Temporal.PlainYearMonth.from("2026-01");
  const startMs = Temporal.Instant.from("2026-01-01T00:00:00Z").epochMilliseconds;
  const endMs = Temporal.Instant.from("2026-02-01T00:00:00Z").epochMilliseconds - 1;
  const events = generateEvents({ seed: 5, count: 2_000, startMs, endMs }).map(({ raw }) => raw);
  const rows = await exported(events, month);
  assert.deepEqual(Object.keys(rows[0] ?? {}), Object.keys(RULES));
  assert.deepEqual(faultsOf(rows), []);
  const aggregator = new MonthAggregator(month);
  for (const event of events) aggregator.add(event);
  const report = aggregator.result().rows;
  assert.equal(rows.length, report.reduce((sum, { requests }) => sum + requests, 0));
  assert.equal(dollarsOf(rows), sumMicros(report.map(({ micros }) => micros)));
});

Deno.test("FOCUS rows of odd events keep the rules too, and those of the hand-worked month come to $0.7925", async () => {
  const month = Temporal.PlainYearMonth.from("2026-01");
  const odd = [
    ...handWorkedMonth(),
    without(rawEvent({ timestamp: "soon" }), "userEmail", "model", "tokenUsage"),
    without(rawEvent({ serviceAccountId: "sa_1", requestsCosts: "0.5", tokenUsage: null }), "userEmail"),
    rawEvent({ timestamp: String(Temporal.Instant.from("2026-01-31T23:59:59.999Z").epochMilliseconds) }),
    rawEvent({ userEmail: "=cmd()|x", model: "  padded\u0007 model ", requestsCosts: -3 }),
    rawEvent({ chargedCents: 0 }),
  ];
  const rows = await exported(odd, month);
  assert.deepEqual(faultsOf(rows), []);
  assert.equal(dollarsOf(rows.slice(0, 4)), 792_500);
});

Deno.test("the FOCUS rules find what is wrong", async () => {
  const month = Temporal.PlainYearMonth.from("2026-01");
  const [row = {}] = await exported([rawEvent()], month);
  assert.deepEqual(faultsOf([{ ...row, ListCost: "", ChargeClass: "Correction", ChargePeriodEnd: "2026-03-01" }]), [
    `ChargeClass "Correction" must be null`,
    `ChargePeriodEnd "2026-03-01" must be written as ${DATE_TIME}`,
    `ListCost "" must not be null`,
    "the charge must be of the period",
  ]);
});
