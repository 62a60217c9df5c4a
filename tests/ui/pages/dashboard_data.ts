import type { UsageRow } from "../../../domain/capture/usage.ts";
import { store } from "../../adapters/sqlite/test_database.ts";
import { dollars, instant, NOVEMBER, snapshot } from "../../domain/history/snapshots.ts";
import { OCTOBER, type TestServices } from "../services_harness.ts";

/** A model's figures so far: nine tenths of its input come from the cache; a million tokens for a dollar. */
export function modelRow(model: string, spent: number, { isKnown = true } = {}): UsageRow {
  const tokens = {
    inputWithCacheWrite: spent * 50_000,
    inputWithoutCacheWrite: spent * 40_000,
    cacheRead: spent * 810_000,
    output: spent * 100_000,
    total: spent * 1_000_000,
  };
  const apiCost = isKnown ? dollars(spent) : null;
  return { model, tokens, apiCost, costToYou: dollars(0), costBasis: isKnown ? "included" : "unknown" };
}

/**
 * October: a dollar on its first day, two on each of its last 15 days, $31. November up to midnight of the 11th: a dollar on each of the first six days by opus, and
 * two on each of the four after them by sonnet, $14. The budget is $20.
 */
export function fillDashboard({ stores }: Pick<TestServices, "stores">): void {
  stores.budgets.set(dollars(20), instant("2026-09-15T00:00:00Z"));
  for (let day = 1; day <= 31; day++) {
    const at = instant("2026-10-01T12:00:00Z").add({ hours: 24 * (day - 1) });
    store(stores, seen(at, [modelRow("opus", 1 + 2 * Math.max(0, day - 16))], OCTOBER));
  }
  for (let day = 1; day <= 10; day++) {
    const at = instant("2026-11-01T12:00:00Z").add({ hours: 24 * (day - 1) });
    const sonnet = day > 6 ? [modelRow("sonnet", 2 * (day - 6))] : [];
    store(stores, seen(at, [modelRow("opus", Math.min(day, 6)), ...sonnet], NOVEMBER));
  }
}

/** Seen at noon, and found the same at the midnight after it. */
function seen(noon: Temporal.Instant, rows: readonly UsageRow[], cycle: typeof NOVEMBER) {
  return snapshot(noon.toString(), rows, { cycle, checkedAt: noon.add({ hours: 12 }).toString() });
}
