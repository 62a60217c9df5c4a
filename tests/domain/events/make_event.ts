import {
  compareText,
  eventIdentity,
  type EventSource,
  type EventTokens,
  type MergeCounts,
  UNKNOWN_TOKENS,
  type UsageEvent,
  usageEvent,
} from "../../../domain/events/event.ts";
import { micros } from "../../../domain/money.ts";
import type { EventKind } from "../../../domain/readers/kind.ts";

/** What a merge did, in events. */
export function countsOf({ added, updated, known }: MergeCounts): MergeCounts {
  return { added, updated, known };
}

/** Tokens of which all four counts are told. */
export function tokens(write: number, input: number, read: number, output: number): EventTokens {
  return {
    inputWithCacheWrite: write,
    inputWithoutCacheWrite: input,
    cacheRead: read,
    output,
    total: write + input + read + output,
  };
}

/** Tokens of which the total alone is told. */
export function totalOnly(total: number): EventTokens {
  return { ...UNKNOWN_TOKENS, total };
}

/** An included event of 100 tokens with an API cost of $0.05, unless told otherwise. Costs are in micro-dollars. */
export function makeEvent(options: {
  at?: string;
  user?: string | null;
  model?: string;
  tokens?: EventTokens;
  kind?: EventKind;
  api?: number | null;
  stated?: number | null;
  source?: EventSource;
  readAt?: string;
  saidIncluded?: boolean;
} = {}): UsageEvent {
  const readAt = Temporal.Instant.from(options.readAt ?? "2026-11-20T12:00:00Z");
  const kind = options.kind ?? "included";
  const api = options.api === undefined ? 50_000 : options.api;
  const stated = options.stated === undefined ? api : options.stated;
  return usageEvent({
    at: Temporal.Instant.from(options.at ?? "2026-11-20T10:00:00.123Z"),
    user: options.user ?? null,
    model: options.model ?? "model-a",
    tokens: options.tokens ?? tokens(10, 20, 30, 40),
    kind: { readAt, kind, text: kind },
    cost: {
      readAt,
      source: options.source ?? "csv",
      api: api === null ? null : micros(api),
      stated: stated === null ? null : micros(stated),
    },
    saidIncluded: options.saidIncluded ?? false,
    requests: null,
    maxMode: false,
  });
}

/** The events in order of time, equal times in a fixed order. */
export function sortEvents(events: Iterable<UsageEvent>): UsageEvent[] {
  const keyed = [...events].map((event) => ({ event, tie: eventIdentity(event) + String(event.cost.api) }));
  keyed.sort((a, b) => Temporal.Instant.compare(a.event.at, b.event.at) || compareText(a.tie, b.tie));
  return keyed.map(({ event }) => event);
}
