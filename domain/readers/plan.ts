import type { Pool } from "../capture/usage.ts";
import { type BillingCycle, cycleBetween } from "../cycle.ts";
import { readCents, readInstant, readPercent } from "../fields.ts";
import type { Json, JsonObject } from "../json.ts";
import { type Micros, micros } from "../money.ts";

/** The cycle of `billingCycleStart` and `billingCycleEnd`, as ISO or epoch-milliseconds text. */
export function cycleOfBounds(body: JsonObject): BillingCycle {
  const start = readInstant(body["billingCycleStart"], "billingCycleStart");
  const end = readInstant(body["billingCycleEnd"], "billingCycleEnd");
  return cycleBetween(start, end);
}

/** The two allowances in percent. A plan without them (`{}`) has no pools, which is not 0 %. */
export function* percentPools(plan: JsonObject): Iterable<Pool> {
  const fields = { autoPercentUsed: "Cursor Models", apiPercentUsed: "Other Models" };
  for (const [field, name] of Object.entries(fields)) {
    if (field in plan) yield { name, percentUsed: readPercent(plan[field], field), used: null, limit: null };
  }
}

/** What the plan includes, in money: what was consumed, which may go beyond the limit. Nothing where no amount is told. */
export function* includedPool(plan: JsonObject, { used, limit }: { used: Json; limit: Json }): Iterable<Pool> {
  const percentUsed = readPercent(plan["totalPercentUsed"], "totalPercentUsed");
  const hasUse = percentUsed !== null && percentUsed > 0;
  const known = (amount: Micros | null) => amount === 0 && hasUse ? null : amount; // zeroed dollars beside a percentage
  const usedMicros = known(readCents(used, "plan.used"));
  const limitMicros = known(readCents(limit, "plan.limit"));
  if (percentUsed === null && usedMicros === null && limitMicros === null) return;
  yield { name: "Included usage", percentUsed, used: usedMicros, limit: limitMicros };
}

/** A pool of money. Where only the limit and what remains are told, what is used is their difference. */
export function moneyPool(name: string, amounts: { used?: Json; limit?: Json; remaining?: Json }): Pool {
  const limit = readCents(amounts.limit, `${name}.limit`);
  const remaining = readCents(amounts.remaining, `${name}.remaining`);
  const told = readCents(amounts.used, `${name}.used`);
  const difference = limit === null || remaining === null ? null : micros(Math.max(0, limit - remaining));
  const used = told ?? difference;
  const percentUsed = used === null || limit === null || limit <= 0 ? null : Math.round(used / limit * 1e6) / 1e4;
  return { name, percentUsed, used, limit };
}
