import type { Day } from "../history/days.ts";
import { type ExportColumn, tokenColumns } from "./table.ts";

/** The columns of `tracker export daily`: the days that the charts show. */
export const DAILY_EXPORT_COLUMNS: readonly ExportColumn<Day>[] = [
  { name: "date", type: "date", meaning: "the day in TIME_ZONE", value: ({ date }) => date.toString() },
  ...tokenColumns(({ tokens }: Day) => tokens),
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
