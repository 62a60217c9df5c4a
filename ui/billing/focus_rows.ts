import { judge } from "../../domain/billing/billable.ts";
import { costParts } from "../../domain/billing/event_cost.ts";
import { kindOf, modelOf, NO_EMAIL, NO_MODEL, timeMsOf, userOf } from "../../domain/billing/event_fields.ts";
import { endOfMonth, startOfMonth } from "../../domain/billing/windows.ts";
import type { JsonObject } from "../../domain/json.ts";
import { type Micros, micros } from "../../domain/money.ts";

/** A billed event as a charge of FOCUS. What nobody knows is null. */
export interface FocusCharge {
  readonly billingStart: Temporal.Instant;
  /** Exclusive, as `chargeEnd` is. */
  readonly billingEnd: Temporal.Instant;
  readonly chargeStart: Temporal.Instant;
  readonly chargeEnd: Temporal.Instant;
  readonly user: string | null;
  readonly model: string | null;
  readonly description: string;
  readonly tokens: number | null;
  /** With Cursor's fee, so that what is left after subtracting the billed cost is the discount. */
  readonly listCost: Micros | null;
  readonly billedCost: Micros;
}

/** The charge of an event of the month; null where it is not billed, as may be in a file of another tool. */
export function focusCharge(event: JsonObject, month: Temporal.PlainYearMonth): FocusCharge | null {
  const verdict = judge(event);
  if (!verdict.isBilled) return null;
  const { listPrice, fee } = costParts(event);
  const [user, model] = [userOf(event), modelOf(event)];
  return {
    ...periods(timeMsOf(event), month),
    user: user === NO_EMAIL ? null : user,
    model: model === NO_MODEL ? null : model,
    description: `${kindOf(event)}: ${model}${event["maxMode"] === true ? " in max mode" : ""}`,
    // Without a "tokenUsage" there is no list price either, and zero tokens would be a guess.
    tokens: listPrice === null ? null : verdict.tokens.total,
    listCost: listPrice === null ? null : micros(listPrice + fee),
    billedCost: verdict.amount,
  };
}

/** FOCUS knows times to the second and ends exclusively: a request is charged in its second, or else in its month. */
function periods(timeMs: number | null, month: Temporal.PlainYearMonth) {
  const billingStart = startOfMonth(month);
  const billingEnd = endOfMonth(month);
  if (timeMs === null) return { billingStart, billingEnd, chargeStart: billingStart, chargeEnd: billingEnd };
  const chargeStart = Temporal.Instant.fromEpochMilliseconds(Math.floor(timeMs / 1000) * 1000);
  return { billingStart, billingEnd, chargeStart, chargeEnd: chargeStart.add({ seconds: 1 }) };
}
