import type { InvoiceItem } from "../capture/usage.ts";
import { readCount, readMoney, UnreadableField } from "../fields.ts";
import { isJsonObject, type Json } from "../json.ts";
import type { Recognizer } from "./reading.ts";

/** POST /api/dashboard/get-monthly-invoice: `items[]{description, cents?}`. An item without cents has no amount, not 0. */
export const monthlyInvoice: Recognizer = {
  name: "monthly_invoice",
  trust: 3,
  needs: [{ figure: "invoice amounts", anyOf: ["items[].cents"] }],
  recognize(payload) {
    if (payload.kind !== "network_json" || !isJsonObject(payload.body)) return null;
    const { endpoint, request, body } = payload;
    const items = body["items"];
    if (endpoint === "get-monthly-invoice" && items === undefined) {
      return { invoice: { month: monthOf(request), items: [] } };
    }
    if (!Array.isArray(items)) return null;
    const isInvoice = items.every((item) => isJsonObject(item) && "description" in item && !("model" in item));
    if (!isInvoice || (items.length === 0 && endpoint !== "get-monthly-invoice")) return null;
    return { invoice: { month: monthOf(request), items: items.map(itemOf) } };
  },
};

function itemOf(item: Json): InvoiceItem {
  if (!isJsonObject(item)) throw new UnreadableField("items[]", item, "an object");
  const { description } = item;
  if (typeof description !== "string") throw new UnreadableField("description", description ?? null, "a text");
  const cell = readMoney(item["cents"], { name: "cents", unit: "cents", isSigned: true });
  return { description, amount: cell.kind === "amount" ? cell.amount : null };
}

function monthOf(request: Json): Temporal.PlainYearMonth | null {
  if (!isJsonObject(request)) return null;
  const month = readCount(request["month"], "month");
  const year = readCount(request["year"], "year");
  if (month === null || year === null || month < 1 || month > 12 || year < 2000 || year > 2199) return null;
  return Temporal.PlainYearMonth.from({ year, month });
}
