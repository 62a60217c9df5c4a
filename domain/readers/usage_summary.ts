import type { Limit, Pool } from "../capture/usage.ts";
import { readCents, readObject } from "../fields.ts";
import { isJsonObject, type JsonObject } from "../json.ts";
import { cycleOfBounds, includedPool, moneyPool, percentPools } from "./plan.ts";
import type { Recognizer } from "./reading.ts";

/**
 * GET /api/usage-summary: the cycle as ISO text, the plan's name, percent pools, and spend in whole cents. Enterprise has
 * `individualUsage.overall` and `teamUsage.pooled` in place of `plan`; `individualUsage: {}` tells nothing.
 */
export const usageSummary: Recognizer = {
  name: "usage_summary",
  trust: 1,
  needs: [
    { figure: "billing cycle", anyOf: ["billingCycleStart"] },
    { figure: "Cursor Models", anyOf: ["individualUsage.plan.autoPercentUsed"] },
    { figure: "Other Models", anyOf: ["individualUsage.plan.apiPercentUsed"] },
    { figure: "on-demand spend", anyOf: ["individualUsage.onDemand.used"] },
  ],
  recognize(payload) {
    if (payload.kind !== "network_json" || !isJsonObject(payload.body)) return null;
    const body = payload.body;
    if (!("billingCycleStart" in body) || !("individualUsage" in body || "membershipType" in body)) return null;
    const individual = readObject(body, "individualUsage");
    const team = readObject(body, "teamUsage");
    const plan = readObject(individual, "plan");
    const consumed = readObject(plan, "breakdown")["total"] ?? plan["used"] ?? null; // `used` stops at the limit
    const pools = [
      ...percentPools(plan),
      ...includedPool(plan, { used: consumed, limit: plan["limit"] ?? null }),
      ...moneyPools(individual, { onDemand: "On-demand", overall: "Overall" }),
      ...moneyPools(team, { pooled: "Team pool", onDemand: "Team on-demand" }),
    ];
    const limits = [
      ...spendLimits(individual, { onDemand: "On-demand" }),
      ...spendLimits(team, { onDemand: "Team on-demand" }),
    ];
    const membership = body["membershipType"];
    return {
      cycle: cycleOfBounds(body),
      pools,
      limits,
      ...(typeof membership === "string" && membership.trim() !== "" ? { membership: membership.trim() } : {}),
    };
  },
};

function* moneyPools(usage: JsonObject, names: Readonly<Record<string, string>>): Iterable<Pool> {
  for (const [field, name] of Object.entries(names)) {
    const pool = readObject(usage, field);
    if (!("used" in pool)) continue;
    yield moneyPool(name, {
      used: pool["used"] ?? null,
      limit: pool["limit"] ?? null,
      remaining: pool["remaining"] ?? null,
    });
  }
}

/** `limit: null` where spending is switched on means that there is no cap. */
function* spendLimits(usage: JsonObject, names: Readonly<Record<string, string>>): Iterable<Limit> {
  for (const [field, name] of Object.entries(names)) {
    const pool = readObject(usage, field);
    if (!("limit" in pool)) continue;
    const limit = readCents(pool["limit"], `${name}.limit`);
    const isAllowed = typeof pool["enabled"] === "boolean" ? pool["enabled"] : null;
    yield { kind: "spend", name, limit, isUnlimited: pool["limit"] === null && isAllowed === true, isAllowed };
  }
}
