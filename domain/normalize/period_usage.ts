import { cycleBetween } from "../cycle.ts";
import { readCents, readInstant, readObject, readPercent } from "../fields.ts";
import { isJsonObject, type JsonObject } from "../json.ts";
import type { Pool } from "../usage.ts";
import type { Reading, Recognizer } from "./reading.ts";

/**
 * POST /api/dashboard/get-current-period-usage: the cycle's bounds as epoch-milliseconds text (ISO on some), and
 * `planUsage` with the percent pools, which can be absent.
 */
export const currentPeriodUsage: Recognizer = {
  name: "current_period_usage",
  trust: 2,
  recognize(payload) {
    if (payload.kind !== "network_json" || !isJsonObject(payload.body)) return null;
    const body = payload.body;
    if (!("billingCycleStart" in body) || "individualUsage" in body || "membershipType" in body) return null;
    const limits = readObject(body, "spendLimitUsage");
    const pools = [...percentPools(readObject(body, "planUsage"))];
    if ("individualLimit" in limits || "individualUsed" in limits) {
      pools.push(moneyPool("On-demand", { used: limits["individualUsed"] ?? null, limit: limits["individualLimit"] }));
    }
    return { ...boundsOf(body), pools };
  },
};

/** GET /api/usage-summary: the cycle as ISO text, the plan's name, percent pools and on-demand spend in whole cents. */
export const usageSummary: Recognizer = {
  name: "usage_summary",
  trust: 1,
  recognize(payload) {
    if (payload.kind !== "network_json" || !isJsonObject(payload.body)) return null;
    const body = payload.body;
    if (!("billingCycleStart" in body) || !("individualUsage" in body || "membershipType" in body)) return null;
    const individual = readObject(body, "individualUsage");
    const team = readObject(body, "teamUsage");
    const pools = [...percentPools(readObject(individual, "plan"))];
    pools.push(...moneyPools(individual, { onDemand: "On-demand", overall: "Overall" }));
    pools.push(...moneyPools(team, { pooled: "Team pool" }));
    const membership = body["membershipType"];
    return { ...boundsOf(body), pools, ...(typeof membership === "string" ? { membership } : {}) };
  },
};

function boundsOf(body: JsonObject): Reading {
  const start = readInstant(body["billingCycleStart"], "billingCycleStart");
  const end = readInstant(body["billingCycleEnd"], "billingCycleEnd");
  return { cycle: cycleBetween(start, end) };
}

/** The two allowances in percent. A plan without them (`{}`) has no pools, which is not 0 %. */
function* percentPools(plan: JsonObject): Iterable<Pool> {
  const fields = { autoPercentUsed: "Cursor Models", apiPercentUsed: "Other Models" };
  for (const [field, name] of Object.entries(fields)) {
    if (field in plan) yield { name, percentUsed: readPercent(plan[field], field), used: null, limit: null };
  }
}

function* moneyPools(usage: JsonObject, names: Readonly<Record<string, string>>): Iterable<Pool> {
  for (const [field, name] of Object.entries(names)) {
    const pool = readObject(usage, field);
    if ("used" in pool) yield moneyPool(name, { used: pool["used"] ?? null, limit: pool["limit"] });
  }
}

function moneyPool(name: string, { used, limit }: { used: JsonObject[string]; limit: JsonObject[string] | undefined }) {
  const usedMicros = readCents(used, `${name}.used`);
  const limitMicros = readCents(limit, `${name}.limit`);
  const percentUsed = usedMicros === null || limitMicros === null || limitMicros <= 0
    ? null
    : Math.round(usedMicros / limitMicros * 1e6) / 1e4;
  return { name, percentUsed, used: usedMicros, limit: limitMicros } satisfies Pool;
}
