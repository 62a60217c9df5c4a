import { readObject } from "../fields.ts";
import { isJsonObject } from "../json.ts";
import { cycleOfBounds, includedPool, moneyPool, percentPools } from "./plan.ts";
import type { Recognizer } from "./reading.ts";

/**
 * POST /api/dashboard/get-current-period-usage: the cycle's bounds as epoch-milliseconds text (ISO on some), `planUsage`
 * with the percent pools, and `spendLimitUsage`. Both can be absent, and start can equal end: then they are unknown.
 */
export const currentPeriodUsage: Recognizer = {
  name: "current_period_usage",
  trust: 2,
  needs: [
    { figure: "billing cycle", anyOf: ["billingCycleStart"] },
    { figure: "Cursor Models", anyOf: ["planUsage.autoPercentUsed"] },
    { figure: "Other Models", anyOf: ["planUsage.apiPercentUsed"] },
  ],
  recognize(payload) {
    if (payload.kind !== "network_json" || !isJsonObject(payload.body)) return null;
    const body = payload.body;
    if (!("billingCycleStart" in body) || "individualUsage" in body || "membershipType" in body) return null;
    const plan = readObject(body, "planUsage");
    const spend = readObject(body, "spendLimitUsage");
    const pools = [
      ...percentPools(plan),
      ...includedPool(plan, { used: plan["totalSpend"] ?? null, limit: plan["limit"] ?? null }),
    ];
    for (const [prefix, name] of [["individual", "On-demand"], ["pooled", "Team on-demand"]] as const) {
      const [used, limit, remaining] = [spend[`${prefix}Used`], spend[`${prefix}Limit`], spend[`${prefix}Remaining`]];
      if (used === undefined && limit === undefined) continue;
      pools.push(moneyPool(name, { used: used ?? null, limit: limit ?? null, remaining: remaining ?? null }));
    }
    return { cycle: cycleOfBounds(body), pools };
  },
};
