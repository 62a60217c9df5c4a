import type { CostBasis, TokenCounts } from "../capture/usage.ts";
import type { TimeRange } from "../clock.ts";
import type { Micros } from "../money.ts";
import { type EventKind, isBilledKind, isUnknownKind } from "../readers/kind.ts";

/** Tokens of one event. A count that the source does not tell is null: an old export knows the total only. */
export type EventTokens = { readonly [count in keyof TokenCounts]: number | null };

/** Tokens of an event that tells none. */
export const UNKNOWN_TOKENS: EventTokens = {
  inputWithCacheWrite: null,
  inputWithoutCacheWrite: null,
  cacheRead: null,
  output: null,
  total: null,
};

/** Where an event was read. */
export const EVENT_SOURCES = ["dashboard", "admin_api", "csv"] as const;
export type EventSource = typeof EVENT_SOURCES[number];

/** What one reading said about an event's money, and when. */
export interface CostReading {
  readonly readAt: Temporal.Instant;
  readonly source: EventSource;
  /** What the tokens cost at API prices. */
  readonly api: Micros | null;
  /** The amount beside the event, which is billed only if the event's kind is: `chargedCents` or what stands for it. */
  readonly stated: Micros | null;
}

/** What one reading said about an event's kind, and when. */
export interface KindReading {
  readonly readAt: Temporal.Instant;
  readonly kind: EventKind;
  /** As the source wrote it: an unknown kind is only told by this. */
  readonly text: string;
}

/** What a reader knows about one event; `usageEvent` makes the whole of it. */
interface EventFacts {
  readonly at: Temporal.Instant;
  /** E-mail, service account or other name; null where the source does not tell, as for one's own events. */
  readonly user: string | null;
  readonly model: string;
  readonly tokens: EventTokens;
  readonly kind: KindReading;
  readonly cost: CostReading;
  /** A reading said "Included" or "Free" in place of an amount. */
  readonly saidIncluded: boolean;
  /** Request units of request plans. They are not money. */
  readonly requests: number | null;
  readonly maxMode: boolean | null;
}

/** One request to a model, with what is known of its cost. */
export interface UsageEvent extends EventFacts {
  /** What is billed for it; null where it is not billed, and where the amount is unknown (see `costBasis`). */
  readonly charged: Micros | null;
  readonly costBasis: CostBasis;
  /** "included" where a reading said "Included" and another one gives an amount: a restatement, not new spend. */
  readonly restatedFrom: "included" | null;
}

/** Completes an event: what is billed is decided by its kind, then by the amount. */
export function usageEvent(facts: EventFacts): UsageEvent {
  const { kind: { kind }, cost, saidIncluded } = facts;
  const isBilled = isBilledKind(kind);
  return {
    at: facts.at,
    user: facts.user,
    model: facts.model,
    tokens: facts.tokens,
    kind: facts.kind,
    cost,
    saidIncluded,
    requests: facts.requests,
    maxMode: facts.maxMode,
    charged: isBilled ? cost.stated : null,
    costBasis: costBasisOf(facts),
    restatedFrom: saidIncluded && cost.api !== null ? "included" : null,
  };
}

function costBasisOf({ kind: { kind }, cost, saidIncluded }: EventFacts): CostBasis {
  if (isBilledKind(kind)) return cost.stated === null ? "unknown" : "billed";
  return isUnknownKind(kind) && !saidIncluded ? "unknown" : "included";
}

/** The key that an event shares only with its equals, apart from tokens that one of two readings did not tell. */
export function eventKey({ at, user, model }: Pick<UsageEvent, "at" | "user" | "model">): string {
  return JSON.stringify([at.epochMilliseconds, user, model]);
}

/** The tokens' part of an event's identity. Unknown tokens are their own. */
export function tokensKey({ inputWithCacheWrite, inputWithoutCacheWrite, cacheRead, output, total }: EventTokens) {
  return [inputWithCacheWrite, inputWithoutCacheWrite, cacheRead, output, total].map((count) => count ?? "?").join(",");
}

/** An event's identity without its occurrence number: time, user, model and tokens, never cost. */
export function eventIdentity(event: Pick<UsageEvent, "at" | "user" | "model" | "tokens">): string {
  return `${eventKey(event)} ${tokensKey(event.tokens)}`;
}

/** Whether the four counts are told, the total only, or nothing. */
export function tokenDetail({ inputWithCacheWrite, total }: EventTokens): "parts" | "total" | "none" {
  if (inputWithCacheWrite !== null) return "parts";
  return total === null ? "none" : "total";
}

/** Order of texts by code units, the same on every machine. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** What a merge of a window did, in events. */
export interface MergeCounts {
  readonly added: number;
  readonly updated: number;
  /** Events that are as they were known. */
  readonly known: number;
}

/** A merge, and since when the account's own events are others than before; null where they are the same. */
export interface Merged extends MergeCounts {
  readonly changedFrom: Temporal.Instant | null;
}

/** Single events, each once, however often and in whatever order windows with it are read. */
export interface EventStore {
  /**
   * Merges a window, all of it or nothing. Equal events must not be split over two windows of one reading. `isReplay`:
   * the window is an old reading, read anew with better code, which decides against what that reading said before.
   */
  merge(window: readonly UsageEvent[], options?: { readonly isReplay?: boolean }): Merged;
  /** Events of the range, oldest first, as they are asked for: any number of them takes bounded memory. */
  read(range?: TimeRange): Iterable<UsageEvent>;
}
