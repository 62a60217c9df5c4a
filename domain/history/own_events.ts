import type { TokenCounts } from "../capture/usage.ts";
import type { EventTokens, UsageEvent } from "../events/event.ts";
import { type Micros, ZERO } from "../money.ts";
import { type EventKind, isBilledKind } from "../readers/kind.ts";
import { type Figures, sumFigures } from "./figures.ts";
import { type Gap, LocalDays } from "./local_days.ts";

/** One request to a model with its own time, as the events endpoint, the Admin API or a CSV export tells it. */
export interface OwnEvent extends Figures {
  readonly at: Temporal.Instant;
  readonly model: string;
}

/** What events say about a stretch of time: the figures of each day, by ISO date. */
export type DayFigures = ReadonlyMap<string, Figures>;

const NOTHING: DayFigures = new Map();

/** Reads the events from one moment (inclusive) to another (exclusive), in any order. */
export type OwnEventSource = (range: { readonly from: Temporal.Instant; readonly to: Temporal.Instant }) => Iterable<
  OwnEvent
>;

/**
 * Events by model and time, to ask what came when within a gap. They are read once, as far as gaps have been asked for:
 * no gap may begin before the first one that was.
 */
export class EventIndex {
  readonly #source: OwnEventSource;
  readonly #days: LocalDays;
  readonly #byModel = new Map<string, OwnEvent[]>();
  #readTo: Temporal.Instant | null = null;

  constructor(source: OwnEventSource, timeZone: string) {
    this.#source = source;
    this.#days = new LocalDays(timeZone);
  }

  /** The model's events in the gap (its start exclusive, its end inclusive), summed by day. */
  within(model: string, gap: Pick<Gap, "from" | "to">): DayFigures {
    this.#read(gap);
    const events = this.#byModel.get(model);
    if (events === undefined) return NOTHING;
    const found = events.slice(firstAfter(events, gap.from), firstAfter(events, gap.to));
    if (found.length === 0) return NOTHING;
    const byDate = Map.groupBy(found, ({ at }) => this.#days.dateOf(at));
    return new Map(Array.from(byDate, ([date, list]) => [date, sumFigures(list)]));
  }

  #read(gap: Pick<Gap, "from" | "to">): void {
    const from = this.#readTo ?? gap.from;
    // Times of events are whole milliseconds, and the gap's end belongs to it.
    const to = gap.to.add({ milliseconds: 1 });
    if (Temporal.Instant.compare(to, from) <= 0) return;
    this.#readTo = to;
    for (const event of [...this.#source({ from, to })].sort((a, b) => Temporal.Instant.compare(a.at, b.at))) {
      const known = this.#byModel.get(event.model);
      if (known === undefined) this.#byModel.set(event.model, [event]);
      else known.push(event);
    }
  }
}

/** Index of the first event after the moment. */
function firstAfter(events: readonly OwnEvent[], moment: Temporal.Instant): number {
  let low = 0;
  let high = events.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const event = events[middle];
    if (event !== undefined && Temporal.Instant.compare(event.at, moment) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The account's own events as history takes them; those of other people are no part of its spend. */
export function* ownEvents(events: Iterable<UsageEvent>): Generator<OwnEvent, void> {
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

const NO_SPEND: readonly EventKind[] = ["errored", "aborted", "user_api_key"];

/** Amounts stand on errored and aborted events too, and on those that ran on the user's own key: none of it is spend. */
function apiCostOf({ kind: { kind }, cost }: UsageEvent): Micros | null {
  return NO_SPEND.includes(kind) ? ZERO : cost.api;
}

function costToYouOf({ kind: { kind }, charged, costBasis }: UsageEvent): Micros | null {
  if (isBilledKind(kind)) return charged;
  return costBasis === "unknown" ? null : ZERO;
}
