import type { RequestLimit } from "../capture/usage.ts";
import { type BillingCycle, UNKNOWN_CYCLE } from "../cycle.ts";
import { readCount, readInstant } from "../fields.ts";
import { isJsonObject, type JsonObject } from "../json.ts";
import type { Recognizer } from "./reading.ts";

/**
 * GET /api/usage, of the old request plans: `{"gpt-4": {numRequests, maxRequestUsage, …}, "startOfMonth": ISO}`. It still
 * answers on newer plans, frozen at zero: then it tells nothing, not even the cycle.
 */
export const legacyUsage: Recognizer = {
  name: "legacy_usage",
  trust: 4,
  needs: [{ figure: "requests used", anyOf: ["*.numRequests"] }],
  recognize(payload, { capturedAt }) {
    if (payload.kind !== "network_json" || !isJsonObject(payload.body)) return null;
    const entries = Object.entries(payload.body).filter(isModelEntry);
    if (entries.length === 0) return null;
    const limits = entries.map(([name, entry]): RequestLimit => ({
      kind: "requests",
      name,
      used: readCount(entry["numRequests"], `${name}.numRequests`),
      limit: readCount(entry["maxRequestUsage"], `${name}.maxRequestUsage`),
    }));
    if (limits.every(({ used }) => used === null || used === 0)) return {};
    return { limits, cycle: cycleOf(readInstant(payload.body["startOfMonth"], "startOfMonth"), capturedAt) };
  },
};

function isModelEntry(entry: [string, unknown]): entry is [string, JsonObject] {
  return isJsonObject(entry[1]) && "numRequests" in entry[1];
}

/** Only where it is the current month's: a start further back is that of a plan that is gone. */
function cycleOf(startAt: Temporal.Instant | null, capturedAt: Temporal.Instant): BillingCycle {
  if (startAt === null) return UNKNOWN_CYCLE;
  const days = startAt.until(capturedAt).total("hours") / 24;
  if (days < 0 || days > 31) return UNKNOWN_CYCLE;
  return { ...UNKNOWN_CYCLE, start: startAt.toZonedDateTimeISO("UTC").toPlainDate(), startAt };
}
