import { type KindGroup, kindGroup } from "./event_kind.ts";
import type { UsageEvent } from "./events.ts";
import { type Micros, micros } from "./money.ts";
import { COST_BASES, type CostBasis } from "./usage.ts";

/** A sum of amounts of which some may be unknown: what is known, and of how many events nothing is. */
export interface PartialSum {
  readonly known: Micros;
  readonly unknownEvents: number;
}

/** What some events come to. A sum tells which bases it contains, and what it leaves out. */
export interface EventTotals {
  readonly events: number;
  /** Tokens that are told; of `eventsWithoutTokens` none are. */
  readonly tokens: number;
  readonly eventsWithoutTokens: number;
  readonly apiCost: PartialSum;
  /** What is billed; unknown are billed kinds without an amount, and kinds that we do not know. */
  readonly charged: PartialSum;
  readonly bases: readonly CostBasis[];
  /** Events that are not billed, by reason, with the amounts that stand beside them. */
  readonly excluded: readonly {
    readonly reason: Exclude<KindGroup, "billed">;
    readonly events: number;
    readonly stated: Micros;
  }[];
}

/** Adds events up, in one pass. */
export function totalsOf(events: Iterable<UsageEvent>): EventTotals {
  const sums = { events: 0, tokens: 0, eventsWithoutTokens: 0, api: 0, apiUnknown: 0, charged: 0, chargedUnknown: 0 };
  const bases = new Set<CostBasis>();
  const excluded = new Map<Exclude<KindGroup, "billed">, { events: number; stated: number }>();
  for (const { tokens, kind, cost, charged, costBasis } of events) {
    sums.events++;
    sums.tokens += tokens.total ?? 0;
    sums.eventsWithoutTokens += Number(tokens.total === null);
    sums.api += cost.api ?? 0;
    sums.apiUnknown += Number(cost.api === null);
    sums.charged += charged ?? 0;
    sums.chargedUnknown += Number(costBasis === "unknown");
    bases.add(costBasis);
    const group = kindGroup(kind.kind);
    if (group === "billed") continue;
    const left = excluded.get(group) ?? { events: 0, stated: 0 };
    excluded.set(group, { events: left.events + 1, stated: left.stated + (cost.stated ?? 0) });
  }
  return {
    events: sums.events,
    tokens: sums.tokens,
    eventsWithoutTokens: sums.eventsWithoutTokens,
    apiCost: { known: micros(sums.api), unknownEvents: sums.apiUnknown },
    charged: { known: micros(sums.charged), unknownEvents: sums.chargedUnknown },
    bases: COST_BASES.filter((basis) => bases.has(basis)),
    excluded: Array.from(excluded, ([reason, left]) => ({ reason, events: left.events, stated: micros(left.stated) })),
  };
}
