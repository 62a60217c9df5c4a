import type { TokenCounts, UsageRow } from "../capture/usage.ts";
import type { SpendMetric } from "../config.ts";
import type { BillingCycle } from "../cycle.ts";
import { type Micros, micros, sumMicros, ZERO } from "../money.ts";

/** What was used: tokens and both costs. A cost that nobody told is null, never zero. */
export interface Figures {
  readonly tokens: TokenCounts;
  readonly apiCost: Micros | null;
  readonly costToYou: Micros | null;
}

/** No tokens at all. */
export const NO_TOKENS: TokenCounts = {
  inputWithCacheWrite: 0,
  inputWithoutCacheWrite: 0,
  cacheRead: 0,
  output: 0,
  total: 0,
};

/** Nothing used: no tokens, and known to cost nothing. */
export const NO_FIGURES: Figures = { tokens: NO_TOKENS, apiCost: ZERO, costToYou: ZERO };

/** The cost that counts as spend under the metric. */
export function costOf(figures: Pick<Figures, "apiCost" | "costToYou">, metric: SpendMetric): Micros | null {
  return metric === "api_cost" ? figures.apiCost : figures.costToYou;
}

/** The sum of the figures. One unknown cost makes that cost of the sum unknown; no figures at all sum to nothing. */
export function sumFigures(figures: Iterable<Figures>): Figures {
  let sum = NO_FIGURES;
  for (const each of figures) {
    sum = {
      tokens: addTokens(sum.tokens, each.tokens),
      apiCost: sumMicros([sum.apiCost, each.apiCost]),
      costToYou: sumMicros([sum.costToYou, each.costToYou]),
    };
  }
  return sum;
}

/** Token counts are kept in five disjoint parts: the four kinds, and what the total has beyond them. */
export const TOKEN_PARTS = ["inputWithCacheWrite", "inputWithoutCacheWrite", "cacheRead", "output", "other"] as const;
export type TokenPart = typeof TOKEN_PARTS[number];

/** The size of one part; "other" is what a total has that none of the four kinds explains. */
export function tokenPart(tokens: TokenCounts, part: TokenPart): number {
  if (part !== "other") return tokens[part];
  return tokens.total - tokens.inputWithCacheWrite - tokens.inputWithoutCacheWrite - tokens.cacheRead - tokens.output;
}

/** The counts whose parts are these. */
export function tokensOfParts(sizeOf: (part: TokenPart) => number): TokenCounts {
  return {
    inputWithCacheWrite: sizeOf("inputWithCacheWrite"),
    inputWithoutCacheWrite: sizeOf("inputWithoutCacheWrite"),
    cacheRead: sizeOf("cacheRead"),
    output: sizeOf("output"),
    total: TOKEN_PARTS.reduce((total, part) => total + sizeOf(part), 0),
  };
}

/** Brands a count of micro-dollars that may be unknown. */
export function microsOrNull(value: number | null): Micros | null {
  return value === null ? null : micros(value);
}

/** Both counts together. */
export function addTokens(a: TokenCounts, b: TokenCounts): TokenCounts {
  return {
    inputWithCacheWrite: a.inputWithCacheWrite + b.inputWithCacheWrite,
    inputWithoutCacheWrite: a.inputWithoutCacheWrite + b.inputWithoutCacheWrite,
    cacheRead: a.cacheRead + b.cacheRead,
    output: a.output + b.output,
    total: a.total + b.total,
  };
}

/** A snapshot as history needs it: what the table said between `capturedAt` and `lastCheckedAt`. */
export interface SnapshotFigures {
  readonly capturedAt: Temporal.Instant;
  readonly lastCheckedAt: Temporal.Instant;
  readonly cycle: BillingCycle;
  readonly rows: readonly UsageRow[];
}

/** The rows by model; rows that share a model's name are summed. */
export function rowsByModel(rows: readonly UsageRow[]): Map<string, UsageRow> {
  const byModel = new Map<string, UsageRow>();
  for (const row of rows) {
    const other = byModel.get(row.model);
    byModel.set(
      row.model,
      other === undefined ? row : {
        model: row.model,
        tokens: addTokens(other.tokens, row.tokens),
        apiCost: sumMicros([other.apiCost, row.apiCost]),
        costToYou: sumMicros([other.costToYou, row.costToYou]),
        costBasis: other.costBasis === row.costBasis ? row.costBasis : "unknown",
      },
    );
  }
  return byModel;
}

/** All tokens of the table. */
export function totalTokens(rows: readonly UsageRow[]): number {
  return rows.reduce((total, { tokens }) => total + tokens.total, 0);
}
