import { divideHalfEven, type Micros, micros } from "../../money.ts";
import type { RollupRow } from "../rollup.ts";

/** A sum over rollup rows. */
export interface Total {
  micros: Micros;
  requests: number;
  tokens: number;
}

/** The rows' totals by what `keyOf` answers for each. */
export function totalsBy(rows: Iterable<RollupRow>, keyOf: (row: RollupRow) => string): Map<string, Total> {
  const totals = new Map<string, Total>();
  for (const row of rows) {
    const key = keyOf(row);
    const total = totals.get(key);
    if (total === undefined) {
      totals.set(key, { micros: row.micros, requests: row.requests, tokens: row.tokens.total });
    } else {
      total.micros = micros(total.micros + row.micros);
      total.requests += row.requests;
      total.tokens += row.tokens.total;
    }
  }
  return totals;
}

/** The rows by what `keyOf` answers for each. */
export function rowsBy(rows: Iterable<RollupRow>, keyOf: (row: RollupRow) => string): Map<string, RollupRow[]> {
  const groups = new Map<string, RollupRow[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return groups;
}

/** The total of all rows. */
export function totalOf(rows: Iterable<RollupRow>): Total {
  return totalsBy(rows, () => "").get("") ?? { micros: micros(0), requests: 0, tokens: 0 };
}

/** What one request cost on average, rounded half to even; null where there was none. */
export function averageMicros(total: { micros: Micros; requests: number }): Micros | null {
  return total.requests === 0 ? null : micros(divideHalfEven(total.micros, total.requests));
}

/** The key that the largest spend belongs to; by name among equals; null without any. */
export function costliest(totals: ReadonlyMap<string, Total>): string | null {
  return first(totals, (a, b) => b.micros - a.micros);
}

/** The key with the most requests; among equals the costliest, then by name; null without any. */
export function mostUsed(totals: ReadonlyMap<string, Total>): string | null {
  return first(totals, (a, b) => b.requests - a.requests || b.micros - a.micros);
}

/** Plain order of text, the same on every machine. */
export function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function first(totals: ReadonlyMap<string, Total>, compare: (a: Total, b: Total) => number): string | null {
  let best: [string, Total] | null = null;
  for (const entry of totals) {
    if (best === null || (compare(entry[1], best[1]) || byText(entry[0], best[0])) < 0) best = entry;
  }
  return best?.[0] ?? null;
}
