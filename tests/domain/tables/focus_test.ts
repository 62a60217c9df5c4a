import type { JsonObject } from "../../../domain/json.ts";
import { billingAccount, FOCUS_COLUMNS, focusCharge } from "../../../domain/tables/focus.ts";
import { tableOf } from "../../../domain/tables/table.ts";
import { handWorkedMonth, rawEvent, without } from "../billing/raw_events.ts";
import { tableText } from "./table_text.ts";
import { parse } from "csv-parse/sync";
import assert from "node:assert/strict";

const JANUARY = Temporal.PlainYearMonth.from("2026-01");
const account = { id: "team-7", name: "Example Ltd" };

async function textOf(events: readonly JsonObject[], month = JANUARY): Promise<string> {
  const charges = events.map((event) => focusCharge(event, { month, account })).filter((charge) => charge !== null);
  return await tableText(tableOf(FOCUS_COLUMNS, charges), "csv");
}

async function rowsOf(...events: readonly JsonObject[]): Promise<Record<string, string>[]> {
  return parse(await textOf(events), { columns: true });
}

async function cells(events: readonly JsonObject[], ...names: readonly string[]): Promise<(string | undefined)[][]> {
  return (await rowsOf(...events)).map((row) => names.map((name) => row[name]));
}

Deno.test("FOCUS has the mandatory columns of version 1.2", () => {
  const names = new Set(FOCUS_COLUMNS.map(({ name }) => name));
  const mandatory = `BilledCost BillingAccountId BillingAccountName BillingCurrency BillingPeriodEnd BillingPeriodStart
    ChargeCategory ChargeClass ChargeDescription ChargePeriodEnd ChargePeriodStart ContractedCost EffectiveCost
    InvoiceIssuerName ListCost PricingQuantity PricingUnit ProviderName PublisherName ServiceCategory ServiceName`;
  assert.deepEqual(mandatory.split(/\s+/).filter((name) => !names.has(name)), []);
  assert.equal(names.size, FOCUS_COLUMNS.length);
});

Deno.test("FOCUS of a billed event is this line, to the last digit", async () => {
  assert.equal(
    await textOf([rawEvent({ timestamp: "1767607200999" })]),
    "BilledCost,BillingAccountId,BillingAccountName,BillingCurrency,BillingPeriodEnd,BillingPeriodStart," +
      "ChargeCategory,ChargeClass,ChargeDescription,ChargeFrequency,ChargePeriodEnd,ChargePeriodStart," +
      "ConsumedQuantity,ConsumedUnit,ContractedCost,EffectiveCost,InvoiceIssuerName,ListCost,PricingCategory," +
      "PricingQuantity,PricingUnit,ProviderName,PublisherName,ServiceCategory,ServiceName,ServiceSubcategory,SkuId," +
      "SubAccountId,SubAccountName,SubAccountType\n" +
      "0.215000,team-7,Example Ltd,USD,2026-02-01T00:00:00Z,2026-01-01T00:00:00Z,Usage,,Usage-based: aurora-4,Usage-Based," +
      "2026-01-05T10:00:01Z,2026-01-05T10:00:00Z,4330,Tokens,0.215000,0.215000,Cursor,0.215000,Standard,4330,Tokens,Cursor," +
      "Cursor,AI and Machine Learning,Cursor,Generative AI,aurora-4,ada@example.com,ada@example.com,User\n",
  );
});

Deno.test("FOCUS costs of the hand-worked month are exact, and a list cost that is not told is the billed one", async () => {
  const costs = ["BilledCost", "EffectiveCost", "ContractedCost", "ListCost"];
  assert.deepEqual(await cells(handWorkedMonth(), ...costs), [
    ["0.215000", "0.215000", "0.215000", "0.215000"],
    // 40 cents, 10 % off, 1.5 cents of fee.
    ["0.375000", "0.375000", "0.375000", "0.415000"],
    ["0.080000", "0.080000", "0.080000", "0.080000"],
    ["0.122500", "0.122500", "0.122500", "0.122500"],
  ]);
  assert.deepEqual(await cells([rawEvent({ chargedCents: 0.0125 })], ...costs.slice(0, 1)), [["0.000125"]]);
});

Deno.test("FOCUS counts requests where no tokens are told, and leaves a user empty whom nobody names", async () => {
  const quantities = ["ConsumedQuantity", "ConsumedUnit", "PricingQuantity", "PricingUnit"];
  assert.deepEqual(await cells(handWorkedMonth(), "SubAccountId", "SubAccountType", "SkuId", ...quantities), [
    ["ada@example.com", "User", "aurora-4", "4330", "Tokens", "4330", "Tokens"],
    ["ada@example.com", "User", "comet-pro", "5", "Tokens", "5", "Tokens"],
    // One request, for which the plan counts two.
    ["ben@example.com", "User", "aurora-4", "1", "Requests", "2", "Requests"],
    ["", "", "aurora-4", "1", "Requests", "1", "Requests"],
  ]);
  const robot = { ...without(rawEvent({ serviceAccountId: "sa_1" }), "userEmail", "model"), maxMode: true };
  assert.deepEqual(await cells([robot], "SubAccountId", "SubAccountType", "SkuId", "ChargeDescription"), [
    ["service account sa_1", "Service Account", "(no model)", "Usage-based: (no model) in max mode"],
  ]);
});

Deno.test("FOCUS names the account of config.yaml, else a placeholder by the API's host", () => {
  const url = new URL("https://api.cursor.com");
  assert.deepEqual(billingAccount({ accountId: "0042", accountName: "Example" }, url), { id: "0042", name: "Example" });
  assert.deepEqual(billingAccount({ accountId: null, accountName: null }, url), {
    id: "team@api.cursor.com",
    name: null,
  });
});

Deno.test("FOCUS charges an event without a time in its whole month, also over the end of a year", async () => {
  const names = ["BillingPeriodStart", "BillingPeriodEnd", "ChargePeriodStart", "ChargePeriodEnd"];
  const december = Temporal.PlainYearMonth.from("2025-12");
  const [row] = parse<Record<string, string>>(await textOf([rawEvent({ timestamp: "soon" })], december), {
    columns: true,
  });
  assert.deepEqual(names.map((name) => row?.[name]), [
    "2025-12-01T00:00:00Z",
    "2026-01-01T00:00:00Z",
    "2025-12-01T00:00:00Z",
    "2026-01-01T00:00:00Z",
  ]);
});

Deno.test("FOCUS has no cell that a spreadsheet would take for a formula", async () => {
  const formula = rawEvent({ userEmail: `=HYPERLINK("http://evil.example")`, model: "＝1", kind: "@Usage-based" });
  assert.deepEqual(await cells([formula], "SubAccountId", "SkuId", "ChargeDescription"), [
    [`'=hyperlink("http://evil.example")`, "'＝1", "'@Usage-based: ＝1"],
  ]);
});

Deno.test("the documentation explains each FOCUS column as the code does", async () => {
  const text = await Deno.readTextFile(new URL("../../../docs/team-billing.md", import.meta.url));
  const rows = Array.from(text.matchAll(/^\| `([A-Z]\w+)` +\| (.+?) +\|$/gm), ([, name, meaning]) => [name, meaning]);
  assert.deepEqual(rows, FOCUS_COLUMNS.map(({ name, meaning }) => [name, meaning]));
});
