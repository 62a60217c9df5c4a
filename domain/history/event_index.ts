import { type Figures, sumFigures } from "./figures.ts";
import type { Gap } from "./gap.ts";
import { LocalDays } from "./local_days.ts";

/** One request to a model with its own time, as the events endpoint, the Admin API or a CSV export tells it. */
export interface UsageEvent extends Figures {
  readonly at: Temporal.Instant;
  readonly model: string;
}

/** What events say about a stretch of time: the figures of each day, by ISO date. */
export type DayFigures = ReadonlyMap<string, Figures>;

const NOTHING: DayFigures = new Map();

/** Reads the events from one moment (inclusive) to another (exclusive), in any order. */
export type EventSource = (range: { readonly from: Temporal.Instant; readonly to: Temporal.Instant }) => Iterable<
  UsageEvent
>;

/**
 * Events by model and time, to ask what came when within a gap. They are read once, as far as gaps have been asked for:
 * no gap may begin before the first one that was.
 */
export class EventIndex {
  readonly #source: EventSource;
  readonly #days: LocalDays;
  readonly #byModel = new Map<string, UsageEvent[]>();
  #readTo: Temporal.Instant | null = null;

  constructor(source: EventSource, timeZone: string) {
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
function firstAfter(events: readonly UsageEvent[], moment: Temporal.Instant): number {
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
