import { type Figures, NO_FIGURES, sumFigures } from "./figures.ts";
import { LocalDays } from "./local_days.ts";
import type { ModelDay } from "./model_history.ts";
import type { OwnEvent } from "./own_events.ts";

/** What was used on one local day, all models together. */
export interface Day extends Figures {
  readonly date: Temporal.PlainDate;
  /** Whether a figure is a share of a gap over several days rather than what was seen on this one. */
  readonly estimated: boolean;
}

/** The days of all models summed by date, in order. Days of two cycles that share a date become one. */
export function totalDays(days: Iterable<ModelDay>): Day[] {
  const byDate = Map.groupBy(days, ({ date }) => date.toString());
  return Array.from(byDate, ([date, group]) => ({
    date: Temporal.PlainDate.from(date),
    ...sumFigures(group),
    estimated: group.some(({ estimated }) => estimated),
  })).sort((a, b) => Temporal.PlainDate.compare(a.date, b.date));
}

/** The days from `from` to `to`, both included: one entry for each date, those without usage as zero. */
export function fillDays(
  days: Iterable<Day>,
  { from, to }: { from: Temporal.PlainDate; to: Temporal.PlainDate },
): Day[] {
  const byDate = new Map(Array.from(days, (day) => [day.date.toString(), day]));
  const filled: Day[] = [];
  for (let date = from; Temporal.PlainDate.compare(date, to) <= 0; date = date.add({ days: 1 })) {
    filled.push(byDate.get(date.toString()) ?? { date, ...NO_FIGURES, estimated: false });
  }
  return filled;
}

/** Days straight from events, for a time of which there is no snapshot. They are exact, never estimated. */
export function daysOfEvents(events: Iterable<OwnEvent>, timeZone: string): ModelDay[] {
  const zone = new LocalDays(timeZone);
  const sums = new Map<string, Figures>();
  for (const event of events) {
    const key = `${zone.dateOf(event.at)} ${event.model}`;
    sums.set(key, sumFigures([sums.get(key) ?? NO_FIGURES, event]));
  }
  return Array.from(sums, ([key, figures]): ModelDay => ({
    date: Temporal.PlainDate.from(key.slice(0, 10)),
    model: key.slice(11),
    ...figures,
    estimated: false,
  })).sort((a, b) => Temporal.PlainDate.compare(a.date, b.date) || (a.model < b.model ? -1 : 1));
}
