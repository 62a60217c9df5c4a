import { sumMicros } from "../money.ts";
import type { BillingCycle, UsageRow } from "../usage.ts";
import { addTokens } from "./figures.ts";

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
