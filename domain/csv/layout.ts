import { type Column, columnOf } from "../normalize/row_fields.ts";

/** What a column of an event export means: those of the usage table, and those that only events have. */
export type EventColumn = Column | "date" | "user" | "kind" | "maxMode" | "requests";

/** Where a file's columns are. */
export interface CsvLayout {
  /** How many cells each record must have. */
  readonly width: number;
  readonly places: ReadonlyMap<EventColumn, number>;
}

/** Columns that only events have, in lower case with letters only. */
const EVENT_NAMES: Readonly<Record<string, EventColumn>> = {
  date: "date",
  timestamp: "date",
  user: "user",
  kind: "kind",
  maxmode: "maxMode",
  requests: "requests",
};

/**
 * The layout that a header line describes; null where it is no event export. Columns may stand in any order, so all
 * generations are one: "Date,User,Kind,Max Mode,Model,Tokens,Cost ($)" of 2025-08, the four token columns since then,
 * "Cost to you", "Cloud Agent ID,Automation ID", and "Requests" in place of "Cost" on request plans.
 */
export function layoutOf(header: readonly string[]): CsvLayout | null {
  const places = new Map<EventColumn, number>();
  for (const [place, name] of header.entries()) {
    const column = eventColumnOf(name);
    if (column !== null && !places.has(column)) places.set(column, place);
  }
  const isEvents = (["date", "model", "total"] as const).every((column) => places.has(column));
  return isEvents ? { width: header.length, places } : null;
}

function eventColumnOf(name: string): EventColumn | null {
  const plain = name.toLowerCase().replace(/[^a-z]/g, "");
  return (Object.hasOwn(EVENT_NAMES, plain) ? EVENT_NAMES[plain] : undefined) ?? columnOf(name);
}
