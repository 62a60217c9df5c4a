import type { CostBasis, TokenCounts, UsageRow } from "../capture/usage.ts";
import type { SpendMetric } from "../config.ts";
import { addTokens, costOf, NO_TOKENS } from "../history/figures.ts";
import { divideHalfEven, type Micros, micros, sumMicros } from "../money.ts";

/** One model's figures of a cycle, all its rows together. */
export interface ModelFigures {
  readonly model: string;
  readonly tokens: TokenCounts;
  readonly apiCost: Micros | null;
  readonly costToYou: Micros | null;
  readonly costBasis: CostBasis;
  /** API cost of a thousand tokens of any kind; null where the cost is unknown or there are no tokens. */
  readonly costPer1kTokens: Micros | null;
  /** cache_read / (cache_read + both inputs), 0 to 1; null without input. */
  readonly cacheEfficiency: number | null;
}

/** A sum of money that says what it leaves out. */
export interface Spend {
  /** The known part; null where nothing is known. */
  readonly known: Micros | null;
  /** What the parts are. */
  readonly bases: readonly CostBasis[];
  /** Models whose cost is unknown and therefore not in `known`. */
  readonly unknownModels: readonly string[];
}

/** Figures by model, the costliest first, models of unknown cost last. */
export function figuresByModel(rows: readonly UsageRow[]): ModelFigures[] {
  const groups = Map.groupBy(rows, (row) => row.model);
  return [...groups].map(([model, group]) => modelFigures(model, group)).sort(byCost);
}

/** What the rows' cost adds up to under a metric. Unknown costs are named, not counted as zero. */
export function spendOf(rows: readonly UsageRow[], metric: SpendMetric): Spend {
  const costs = rows.map((row) => ({ row, cost: costOf(row, metric) }));
  const known = costs.filter(({ cost }) => cost !== null);
  const unknown = costs.filter(({ cost }) => cost === null);
  const basisOf = (row: UsageRow): CostBasis => metric === "cost_to_you" ? "billed" : row.costBasis;
  const bases = new Set<CostBasis>([
    ...known.filter(({ cost }) => cost !== 0).map(({ row }) => basisOf(row)),
    ...unknown.map(() => "unknown" as const),
  ]);
  return {
    known: known.length === 0 && unknown.length > 0 ? null : sumMicros(known.map(({ cost }) => cost)),
    bases: [...bases],
    unknownModels: [...new Set(unknown.map(({ row }) => row.model))],
  };
}

/** Token counts added up by kind. */
export function sumTokens(counts: Iterable<TokenCounts>): TokenCounts {
  let sum = NO_TOKENS;
  for (const one of counts) sum = addTokens(sum, one);
  return sum;
}

/** Share of the input that came from the cache, 0 to 1; null without input. */
export function cacheEfficiency(
  { cacheRead, inputWithCacheWrite, inputWithoutCacheWrite }: TokenCounts,
): number | null {
  const input = cacheRead + inputWithCacheWrite + inputWithoutCacheWrite;
  return input === 0 ? null : cacheRead / input;
}

function modelFigures(model: string, rows: readonly UsageRow[]): ModelFigures {
  const tokens = sumTokens(rows.map((row) => row.tokens));
  const apiCost = sumMicros(rows.map((row) => row.apiCost));
  return {
    model,
    tokens,
    apiCost,
    costToYou: sumMicros(rows.map((row) => row.costToYou)),
    costBasis: basisOfAll(rows.map((row) => row.costBasis)),
    costPer1kTokens: apiCost === null || tokens.total === 0
      ? null
      : micros(divideHalfEven(apiCost * 1000, tokens.total)),
    cacheEfficiency: cacheEfficiency(tokens),
  };
}

/** The weakest claim wins: a sum with an unknown part is unknown, with an estimated part estimated. */
export function basisOfAll(bases: readonly CostBasis[]): CostBasis {
  const weakestFirst: readonly CostBasis[] = ["unknown", "estimated", "billed", "included"];
  return weakestFirst.find((basis) => bases.includes(basis)) ?? "unknown";
}

function byCost(a: ModelFigures, b: ModelFigures): number {
  return (b.apiCost ?? -1) - (a.apiCost ?? -1) || b.tokens.total - a.tokens.total || (a.model < b.model ? -1 : 1);
}
