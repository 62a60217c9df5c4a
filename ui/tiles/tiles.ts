import { cacheEfficiencyTile } from "./cache_efficiency.tsx";
import { costPer1kTokens } from "./cost_per_1k_tokens.tsx";
import { cumulativeSpendTile } from "./cumulative_spend.tsx";
import { cycleHistory } from "./cycle_history.tsx";
import { dailySpend } from "./daily_spend.tsx";
import { projectionTile } from "./projection.tsx";
import { spendByModel } from "./spend_by_model.tsx";
import type { Tile } from "./tile.ts";
import { tokensByType } from "./tokens_by_type.tsx";

/** The dashboard's tiles in their order; a new one is one line here and one file that draws it. */
export const TILES: readonly Tile[] = [
  cumulativeSpendTile,
  dailySpend,
  tokensByType,
  spendByModel,
  costPer1kTokens,
  cacheEfficiencyTile,
  projectionTile,
  cycleHistory,
];
