import type { SQLInputValue } from "node:sqlite";
import { z } from "zod";
import { EVENT_KINDS } from "../../domain/event_kind.ts";
import { EVENT_SOURCES, type UsageEvent, usageEvent } from "../../domain/events.ts";
import { type Micros, micros } from "../../domain/money.ts";
import { textOfInstant } from "./instants.ts";

/** An event with its place in the table. */
export interface StoredEvent {
  readonly id: number;
  /** From 1 among its equals. */
  readonly occurrence: number;
  readonly event: UsageEvent;
}

const count = z.number().nullable();
const time = z.string();

/** Plain checks only, as exports read a million rows: what they mean is made out below. */
const eventRow = z.object({
  id: z.number(),
  at: time,
  user: z.string().nullable(),
  model: z.string(),
  input_with_cache_write_tokens: count,
  input_without_cache_write_tokens: count,
  cache_read_tokens: count,
  output_tokens: count,
  total_tokens: count,
  occurrence: z.number(),
  kind: z.enum(EVENT_KINDS),
  kind_text: z.string(),
  kind_read_at: time,
  api_cost_micros: count,
  stated_micros: count,
  cost_source: z.enum(EVENT_SOURCES),
  cost_read_at: time,
  said_included: z.number(),
  requests: z.number().nullable(),
  max_mode: count,
});

/** Columns that change with what later readings say, in the order of `figureValues`. */
export const FIGURE_COLUMNS = [
  "input_with_cache_write_tokens",
  "input_without_cache_write_tokens",
  "cache_read_tokens",
  "output_tokens",
  "total_tokens",
  "kind",
  "kind_text",
  "kind_read_at",
  "api_cost_micros",
  "stated_micros",
  "cost_source",
  "cost_read_at",
  "said_included",
  "requests",
  "max_mode",
  "charged_micros",
  "cost_basis",
  "restated_from",
] as const;

/** Reads a row of the table. What is charged follows from the rest. */
export function readEventRow(row: unknown): StoredEvent {
  const cells = eventRow.parse(row);
  const event = usageEvent({
    at: Temporal.Instant.from(cells.at),
    user: cells.user,
    model: cells.model,
    tokens: {
      inputWithCacheWrite: cells.input_with_cache_write_tokens,
      inputWithoutCacheWrite: cells.input_without_cache_write_tokens,
      cacheRead: cells.cache_read_tokens,
      output: cells.output_tokens,
      total: cells.total_tokens,
    },
    kind: { readAt: Temporal.Instant.from(cells.kind_read_at), kind: cells.kind, text: cells.kind_text },
    cost: {
      readAt: Temporal.Instant.from(cells.cost_read_at),
      source: cells.cost_source,
      api: amount(cells.api_cost_micros),
      stated: amount(cells.stated_micros),
    },
    saidIncluded: cells.said_included === 1,
    requests: cells.requests,
    maxMode: cells.max_mode === null ? null : cells.max_mode === 1,
  });
  return { id: cells.id, occurrence: cells.occurrence, event };
}

function amount(value: number | null): Micros | null {
  return value === null ? null : micros(value);
}

/** The values of FIGURE_COLUMNS. */
export function figureValues({ tokens, kind, cost, ...event }: UsageEvent): SQLInputValue[] {
  return [
    tokens.inputWithCacheWrite,
    tokens.inputWithoutCacheWrite,
    tokens.cacheRead,
    tokens.output,
    tokens.total,
    kind.kind,
    kind.text,
    textOfInstant(kind.readAt),
    cost.api,
    cost.stated,
    cost.source,
    textOfInstant(cost.readAt),
    Number(event.saidIncluded),
    event.requests,
    event.maxMode === null ? null : Number(event.maxMode),
    event.charged,
    event.costBasis,
    event.restatedFrom,
  ];
}
