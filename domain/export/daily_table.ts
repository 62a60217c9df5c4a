import { totalsOf } from "../event_totals.ts";
import type { UsageEvent } from "../events.ts";
import type { Micros } from "../money.ts";
import type { CostBasis } from "../usage.ts";
import type { ExportColumn } from "./columns.ts";

/** What came on one local day. Sums hold what is known; the counts beside them say of how many events nothing is. */
export interface ExportedDay {
  readonly date: Temporal.PlainDate;
  readonly events: number;
  readonly tokens: number;
  readonly tokensUnknownEvents: number;
  readonly apiCost: Micros;
  readonly apiCostUnknownEvents: number;
  readonly charged: Micros;
  readonly chargedUnknownEvents: number;
  readonly bases: readonly CostBasis[];
}

/** The columns of `tracker export daily`. */
export const DAILY_EXPORT_COLUMNS: readonly ExportColumn<ExportedDay>[] = [
  { name: "date", type: "date", meaning: "the day in TIME_ZONE", value: ({ date }) => date.toString() },
  { name: "events", type: "integer", meaning: "requests to models, of any kind", value: ({ events }) => events },
  {
    name: "total_tokens",
    type: "integer",
    meaning: "tokens, as far as known; empty where none are",
    value: ({ tokens, tokensUnknownEvents, events }) => tokensUnknownEvents === events ? null : tokens,
  },
  {
    name: "tokens_unknown_events",
    type: "integer",
    meaning: "events whose tokens are not in it",
    value: ({ tokensUnknownEvents }) => tokensUnknownEvents,
  },
  {
    name: "api_cost_usd",
    type: "dollars",
    meaning: "cost at API prices, as far as known; empty where nothing is",
    value: ({ apiCost, apiCostUnknownEvents, events }) => apiCostUnknownEvents === events ? null : apiCost,
  },
  {
    name: "api_cost_unknown_events",
    type: "integer",
    meaning: "events whose cost is not in it",
    value: ({ apiCostUnknownEvents }) => apiCostUnknownEvents,
  },
  {
    name: "charged_usd",
    type: "dollars",
    meaning: "what is billed, as far as known; empty where nothing is",
    value: ({ charged, chargedUnknownEvents, events }) => chargedUnknownEvents === events ? null : charged,
  },
  {
    name: "charged_unknown_events",
    type: "integer",
    meaning: "events of which it is not known whether or how much is billed",
    value: ({ chargedUnknownEvents }) => chargedUnknownEvents,
  },
  { name: "cost_bases", type: "text", meaning: "what the sums contain", value: ({ bases }) => bases.join(" ") },
];

/** The days of events that come in order of time, each as soon as it is over. Days without events are left out. */
export function* daysOfEvents(events: Iterable<UsageEvent>, timeZone: string): Generator<ExportedDay, void> {
  let date: Temporal.PlainDate | null = null;
  let ofDay: UsageEvent[] = [];
  for (const event of events) {
    const day = event.at.toZonedDateTimeISO(timeZone).toPlainDate();
    if (date !== null && !day.equals(date)) {
      yield dayOf(date, ofDay);
      ofDay = [];
    }
    date = day;
    ofDay.push(event);
  }
  if (date !== null) yield dayOf(date, ofDay);
}

function dayOf(date: Temporal.PlainDate, list: readonly UsageEvent[]): ExportedDay {
  const { events, tokens, eventsWithoutTokens, apiCost, charged, bases } = totalsOf(list);
  return {
    date,
    events,
    tokens,
    tokensUnknownEvents: eventsWithoutTokens,
    apiCost: apiCost.known,
    apiCostUnknownEvents: apiCost.unknownEvents,
    charged: charged.known,
    chargedUnknownEvents: charged.unknownEvents,
    bases,
  };
}
