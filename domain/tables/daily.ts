import type { TokenCounts } from "../capture/usage.ts";
import type { Day } from "../history/days.ts";
import type { ExportColumn } from "./table.ts";

/** The columns of `tracker export daily`: the days that the charts show. */
export const DAILY_EXPORT_COLUMNS: readonly ExportColumn<Day>[] = [
  { name: "date", type: "date", meaning: "the day in TIME_ZONE", value: ({ date }) => date.toString() },
  tokenColumn("input_with_cache_write_tokens", ({ inputWithCacheWrite }) => inputWithCacheWrite),
  tokenColumn("input_without_cache_write_tokens", ({ inputWithoutCacheWrite }) => inputWithoutCacheWrite),
  tokenColumn("cache_read_tokens", ({ cacheRead }) => cacheRead),
  tokenColumn("output_tokens", ({ output }) => output),
  tokenColumn("total_tokens", ({ total }) => total),
  {
    name: "api_cost_usd",
    type: "dollars",
    meaning: "cost at API prices; empty where a part of it is unknown",
    value: ({ apiCost }) => apiCost,
  },
  {
    name: "cost_to_you_usd",
    type: "dollars",
    meaning: "billed on top of the plan; empty where a part of it is unknown",
    value: ({ costToYou }) => costToYou,
  },
  {
    name: "estimated",
    type: "boolean",
    meaning: "whether a figure is a share of a gap over several days",
    value: ({ estimated }) => estimated,
  },
];

function tokenColumn(name: string, count: (tokens: TokenCounts) => number): ExportColumn<Day> {
  return { name, type: "integer", meaning: "tokens", value: ({ tokens }) => count(tokens) };
}
