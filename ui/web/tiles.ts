/** A panel of the dashboard. */
export interface Tile {
  readonly id: string;
  readonly name: string;
}

/** The dashboard's tiles in their order; a new one is one line here and one file that draws it. */
export const TILES = [
  { id: "cumulative_spend", name: "Cumulative spend" },
  { id: "daily_spend", name: "Daily spend" },
  { id: "tokens_by_type", name: "Tokens by type" },
  { id: "spend_by_model", name: "Spend by model" },
  { id: "cost_per_1k_tokens", name: "Cost per 1K tokens" },
  { id: "cache_efficiency", name: "Cache efficiency" },
  { id: "projection", name: "Projection" },
] as const satisfies readonly Tile[];
