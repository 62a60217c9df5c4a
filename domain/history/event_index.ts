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

/** Events by model and time, to ask what came when within a gap. */
export class EventIndex {
  readonly #days: LocalDays;
  readonly #byModel = new Map<string, UsageEvent[]>();

  constructor(events: Iterable<UsageEvent>, timeZone: string) {
    this.#days = new LocalDays(timeZone);
    for (const event of events) {
      const known = this.#byModel.get(event.model);
      if (known === undefined) this.#byModel.set(event.model, [event]);
      else known.push(event);
    }
    for (const list of this.#byModel.values()) list.sort((a, b) => Temporal.Instant.compare(a.at, b.at));
  }

  /** The model's events in the gap (its start exclusive, its end inclusive), summed by day. */
  within(model: string, gap: Pick<Gap, "from" | "to">): DayFigures {
    const events = this.#byModel.get(model);
    if (events === undefined) return NOTHING;
    const found = events.slice(firstAfter(events, gap.from), firstAfter(events, gap.to));
    const byDate = Map.groupBy(found, ({ at }) => this.#days.dateOf(at));
    return new Map(Array.from(byDate, ([date, list]) => [date, sumFigures(list)]));
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
