import type { Limit } from "../limits.ts";
import type { Pool } from "../usage.ts";
import type { Reading } from "./reading.ts";

/** The pools of all readings, most trusted first: the first that tells a figure of a pool decides it. */
export function mergePools(readings: readonly Reading[]): Pool[] {
  const pools = new Map<string, Pool>();
  for (const pool of readings.flatMap((reading) => reading.pools ?? [])) {
    const { name } = pool;
    const trusted = pools.get(name);
    pools.set(name, {
      name,
      percentUsed: trusted?.percentUsed ?? pool.percentUsed,
      used: trusted?.used ?? pool.used,
      limit: trusted?.limit ?? pool.limit,
    });
  }
  return [...pools.values()];
}

/** The limits of all readings, most trusted first: the first that names a limit decides it. */
export function mergeLimits(readings: readonly Reading[]): Limit[] {
  const limits = new Map<string, Limit>();
  for (const limit of readings.flatMap((reading) => reading.limits ?? [])) {
    const key = `${limit.kind} ${limit.name}`;
    if (!limits.has(key)) limits.set(key, limit);
  }
  return [...limits.values()];
}
