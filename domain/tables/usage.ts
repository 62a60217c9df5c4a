import type { Snapshot, UsageRow } from "../capture/usage.ts";
import { type ExportColumn, tokenColumns } from "./table.ts";

/** One model's row of one snapshot. */
interface UsageRecord {
  readonly snapshot: Snapshot;
  readonly row: UsageRow;
}

/** The columns of `tracker export usage`: every stored table, row by row. Figures are of the cycle so far. */
export const USAGE_EXPORT_COLUMNS: readonly ExportColumn<UsageRecord>[] = [
  { name: "snapshot_id", type: "integer", meaning: "the stored table's number", value: ({ snapshot }) => snapshot.id },
  {
    name: "captured_at",
    type: "time",
    meaning: "when the table was first seen so",
    value: ({ snapshot }) => snapshot.capturedAt.toString(),
  },
  {
    name: "last_checked_at",
    type: "time",
    meaning: "when it was last seen so",
    value: ({ snapshot }) => snapshot.lastCheckedAt.toString(),
  },
  {
    name: "billing_period_start",
    type: "date",
    meaning: "first day of the cycle, UTC",
    value: ({ snapshot }) => snapshot.cycle.start?.toString() ?? null,
  },
  {
    name: "billing_period_end",
    type: "date",
    meaning: "first day of the next cycle, UTC",
    value: ({ snapshot }) => snapshot.cycle.end?.toString() ?? null,
  },
  { name: "model", type: "text", meaning: "the model's name", value: ({ row }) => row.model },
  ...tokenColumns(({ row }: UsageRecord) => row.tokens),
  { name: "api_cost_usd", type: "dollars", meaning: "cost at API prices", value: ({ row }) => row.apiCost },
  { name: "cost_to_you_usd", type: "dollars", meaning: "billed on top of the plan", value: ({ row }) => row.costToYou },
  {
    name: "cost_basis",
    type: "text",
    meaning: "billed, included, estimated or unknown",
    value: ({ row }) => row.costBasis,
  },
  { name: "source", type: "text", meaning: "network_json or dom_table", value: ({ snapshot }) => snapshot.source },
];
