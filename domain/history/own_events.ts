import { isBilledKind, kindGroup } from "../event_kind.ts";
import type { EventTokens, UsageEvent as ReadEvent } from "../events.ts";
import { type Micros, ZERO } from "../money.ts";
import type { TokenCounts } from "../usage.ts";
import type { UsageEvent } from "./event_index.ts";

/** The account's own events as history takes them; those of other people are no part of its spend. */
export function* ownEvents(events: Iterable<ReadEvent>): Generator<UsageEvent, void> {
  for (const event of events) {
    if (event.user !== null) continue;
    const { at, model, tokens } = event;
    yield { at, model, tokens: knownTokens(tokens), apiCost: apiCostOf(event), costToYou: costToYouOf(event) };
  }
}

/** Counts as far as they are told: what only a total tells belongs to none of the four kinds. */
function knownTokens(
  { inputWithCacheWrite, inputWithoutCacheWrite, cacheRead, output, total }: EventTokens,
): TokenCounts {
  const parts = {
    inputWithCacheWrite: inputWithCacheWrite ?? 0,
    inputWithoutCacheWrite: inputWithoutCacheWrite ?? 0,
    cacheRead: cacheRead ?? 0,
    output: output ?? 0,
  };
  const sum = Object.values(parts).reduce((all, count) => all + count, 0);
  return { ...parts, total: total ?? sum };
}

/** Amounts stand on errored and aborted events too, and on those that ran on the user's own key: none of it is spend. */
function apiCostOf({ kind: { kind }, cost }: ReadEvent): Micros | null {
  return ["errored", "aborted", "user_api_key"].includes(kindGroup(kind)) ? ZERO : cost.api;
}

function costToYouOf({ kind: { kind }, charged, costBasis }: ReadEvent): Micros | null {
  if (isBilledKind(kind)) return charged;
  return costBasis === "unknown" ? null : ZERO;
}
