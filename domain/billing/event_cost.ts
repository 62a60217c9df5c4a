import { readCents, readObject, readPercent, UnreadableField } from "../fields.ts";
import type { Json, JsonObject } from "../json.ts";
import { type Micros, micros, microsFromCents, scaleMicros, ZERO } from "../money.ts";

/** One per cent in the unit that discounts are counted in: ten-thousandths of a per cent stay exact. */
const PERCENT_UNITS = 10_000;

/** Where an event's cost comes from. */
export interface CostParts {
  /** "chargedCents": the amount that Cursor bills; null where it is not told. */
  readonly charged: Micros | null;
  /** What the tokens cost before any discount; null where it is not told. */
  readonly listPrice: Micros | null;
  readonly discount: Micros;
  readonly fee: Micros;
}

/**
 * What the event costs, whoever pays for it: `chargedCents` where present, else the discounted `totalCents` plus the
 * fee. Null where neither is told. Whether it is billed is another question: see `judge`.
 * @throws UnreadableField where a field holds something that no known generation of the API has sent.
 */
export function eventCost(event: JsonObject): Micros | null {
  const charged = cents(event["chargedCents"], "chargedCents");
  if (charged !== null) return charged;
  const { listPrice, discount, fee } = costParts(event);
  return listPrice === null ? null : micros(listPrice - discount + fee);
}

/** The parts of the event's cost, to explain a difference with. @throws UnreadableField as `eventCost` does. */
export function costParts(event: JsonObject): CostParts {
  const listPrice = listPriceOf(event["tokenUsage"]);
  return {
    charged: cents(event["chargedCents"], "chargedCents"),
    listPrice,
    discount: listPrice === null ? ZERO : discountOf(listPrice, event),
    fee: cents(event["cursorTokenFee"], "cursorTokenFee") ?? ZERO,
  };
}

/** An omitted `totalCents` is a zero where there is a `tokenUsage`; without one nobody knows. */
function listPriceOf(usage: Json | undefined): Micros | null {
  if (usage === undefined || usage === null) return null;
  return cents(readObject({ tokenUsage: usage }, "tokenUsage")["totalCents"], "totalCents") ?? ZERO;
}

function discountOf(listPrice: Micros, event: JsonObject): Micros {
  const percent = readPercent(readObject(event, "tokenUsage")["discountPercentOff"], "discountPercentOff") ?? 0;
  if (percent === 0) return ZERO;
  if (percent > 100) throw new UnreadableField("discountPercentOff", percent, "a percentage up to 100");
  const paid = scaleMicros(listPrice, {
    numerator: 100 * PERCENT_UNITS - Math.round(percent * PERCENT_UNITS),
    denominator: 100 * PERCENT_UNITS,
  });
  return micros(listPrice - paid);
}

function cents(value: Json | undefined, field: string): Micros | null {
  if (typeof value !== "number") return readCents(value, field);
  const amount = microsFromCents(value);
  if (amount === null) throw new UnreadableField(field, value, "an amount of cents");
  return amount;
}
