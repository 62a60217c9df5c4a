import { z } from "zod";
import type { ModelDay } from "../../domain/history/model_history.ts";
import type { StoredCycle } from "../../domain/stores.ts";
import { dateColumn, instantColumn, microsColumn } from "./columns.ts";

/** A row of `cycles`. */
export const cycleRow = z.object({
  id: z.number(),
  billing_period_start: dateColumn.nullable(),
  billing_period_end: dateColumn.nullable(),
  cycle_start_at: instantColumn.nullable(),
  cycle_end_at: instantColumn.nullable(),
  key: dateColumn,
  first_captured_at: instantColumn,
  last_snapshot_id: z.number(),
}).transform((row): StoredCycle => ({
  id: row.id,
  cycle: {
    start: row.billing_period_start,
    end: row.billing_period_end,
    startAt: row.cycle_start_at,
    endAt: row.cycle_end_at,
  },
  key: row.key,
  firstCapturedAt: row.first_captured_at,
  lastSnapshotId: row.last_snapshot_id,
}));

/** A row of `model_days`. */
export const dayRow = z.object({
  date: dateColumn,
  model: z.string(),
  input_with_cache_write_tokens: z.number(),
  input_without_cache_write_tokens: z.number(),
  cache_read_tokens: z.number(),
  output_tokens: z.number(),
  total_tokens: z.number(),
  api_cost_micros: microsColumn.nullable(),
  cost_to_you_micros: microsColumn.nullable(),
  estimated: z.number().transform((flag) => flag === 1),
}).transform((row): ModelDay => ({
  date: row.date,
  model: row.model,
  tokens: {
    inputWithCacheWrite: row.input_with_cache_write_tokens,
    inputWithoutCacheWrite: row.input_without_cache_write_tokens,
    cacheRead: row.cache_read_tokens,
    output: row.output_tokens,
    total: row.total_tokens,
  },
  apiCost: row.api_cost_micros,
  costToYou: row.cost_to_you_micros,
  estimated: row.estimated,
}));
