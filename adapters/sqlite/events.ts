import type { TimeRange } from "../../domain/clock.ts";
import {
  EVENT_SOURCES,
  eventIdentity,
  type EventStore,
  type Merged,
  type UsageEvent,
  usageEvent,
} from "../../domain/events/event.ts";
import { changedFrom, eventsAfter, mergeEvents, numberOccurrences } from "../../domain/events/merge.ts";
import { type Micros, micros } from "../../domain/money.ts";
import { EVENT_KINDS } from "../../domain/readers/kind.ts";
import { centsOf, textOfInstant, textOrNull } from "./columns.ts";
import { transaction } from "./transaction.ts";
import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import { z } from "zod";

/**
 * Single events and the shapes of payloads. An event's identity is its time, user, model and tokens, and a number among
 * its equals; cost has no part in it. Unknown is NULL. `charged_micros`, `cost_basis` and `restated_from` follow from
 * kind and cost, and are stored for those who read the file with other tools.
 */
export const EVENTS_SCHEMA = `
CREATE TABLE events (
  id INTEGER PRIMARY KEY,
  at TEXT NOT NULL,
  user TEXT,
  model TEXT NOT NULL,
  input_with_cache_write_tokens INTEGER,
  input_without_cache_write_tokens INTEGER,
  cache_read_tokens INTEGER,
  output_tokens INTEGER,
  total_tokens INTEGER,
  occurrence INTEGER NOT NULL,
  kind TEXT NOT NULL,
  kind_text TEXT NOT NULL,
  kind_read_at TEXT NOT NULL,
  api_cost_micros INTEGER,
  api_cost_cents INTEGER GENERATED ALWAYS AS (${centsOf("api_cost_micros")}) VIRTUAL,
  stated_micros INTEGER,
  cost_source TEXT NOT NULL,
  cost_read_at TEXT NOT NULL,
  said_included INTEGER NOT NULL CHECK (said_included IN (0, 1)),
  requests REAL,
  max_mode INTEGER CHECK (max_mode IN (0, 1)),
  charged_micros INTEGER,
  charged_cents INTEGER GENERATED ALWAYS AS (${centsOf("charged_micros")}) VIRTUAL,
  cost_basis TEXT NOT NULL CHECK (cost_basis IN ('billed', 'included', 'estimated', 'unknown')),
  restated_from TEXT
) STRICT;
CREATE UNIQUE INDEX events_identity ON events(
  at, model, coalesce(user, ''), coalesce(total_tokens, -1), coalesce(input_with_cache_write_tokens, -1),
  coalesce(input_without_cache_write_tokens, -1), coalesce(cache_read_tokens, -1), coalesce(output_tokens, -1), occurrence
);

CREATE TABLE payload_shapes (
  endpoint TEXT PRIMARY KEY,
  recognizer TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  seen_at TEXT NOT NULL,
  lost TEXT NOT NULL,
  retyped TEXT NOT NULL,
  lost_figures TEXT NOT NULL,
  drifted_at TEXT
) STRICT;
`;

/** An event with its place in the table. */
interface StoredEvent {
  readonly id: number;
  /** From 1 among its equals. */
  readonly occurrence: number;
  readonly event: UsageEvent;
}

const count = z.number().nullable();
const time = z.string();

/** A column that is written and read again. */
interface Figure {
  readonly schema: z.ZodType;
  readonly value: (event: UsageEvent) => SQLInputValue;
}

/** Columns that change with what later readings say: each as it is read and as it is written. */
const FIGURES = {
  input_with_cache_write_tokens: { schema: count, value: ({ tokens }) => tokens.inputWithCacheWrite },
  input_without_cache_write_tokens: { schema: count, value: ({ tokens }) => tokens.inputWithoutCacheWrite },
  cache_read_tokens: { schema: count, value: ({ tokens }) => tokens.cacheRead },
  output_tokens: { schema: count, value: ({ tokens }) => tokens.output },
  total_tokens: { schema: count, value: ({ tokens }) => tokens.total },
  kind: { schema: z.enum(EVENT_KINDS), value: ({ kind }) => kind.kind },
  kind_text: { schema: z.string(), value: ({ kind }) => kind.text },
  kind_read_at: { schema: time, value: ({ kind }) => textOfInstant(kind.readAt) },
  api_cost_micros: { schema: count, value: ({ cost }) => cost.api },
  stated_micros: { schema: count, value: ({ cost }) => cost.stated },
  cost_source: { schema: z.enum(EVENT_SOURCES), value: ({ cost }) => cost.source },
  cost_read_at: { schema: time, value: ({ cost }) => textOfInstant(cost.readAt) },
  said_included: { schema: z.number(), value: ({ saidIncluded }) => Number(saidIncluded) },
  requests: { schema: z.number().nullable(), value: ({ requests }) => requests },
  max_mode: { schema: count, value: ({ maxMode }) => maxMode === null ? null : Number(maxMode) },
} as const satisfies Readonly<Record<string, Figure>>;

/** Columns that follow from the others, for those who read the file with other tools: written, never read. */
const DERIVED: Readonly<Record<string, Figure["value"]>> = {
  charged_micros: ({ charged }) => charged,
  cost_basis: ({ costBasis }) => costBasis,
  restated_from: ({ restatedFrom }) => restatedFrom,
};

/** Plain checks only, as exports read a million rows: what they mean is made out below. */
const eventRow = z.object({
  id: z.number(),
  at: time,
  user: z.string().nullable(),
  model: z.string(),
  occurrence: z.number(),
  ...schemasOf(FIGURES),
});

function schemasOf<Figures extends Readonly<Record<string, Figure>>>(figures: Figures) {
  const schemas = Object.entries(figures).map(([name, { schema }]) => [name, schema]);
  return Object.fromEntries(schemas) as { [Name in keyof Figures]: Figures[Name]["schema"] };
}

/** Reads a row of the table. What is charged follows from the rest. */
function readEventRow(row: unknown): StoredEvent {
  const cells = eventRow.parse(row);
  const event = usageEvent({
    at: Temporal.Instant.from(cells.at),
    user: cells.user,
    model: cells.model,
    tokens: {
      inputWithCacheWrite: cells.input_with_cache_write_tokens,
      inputWithoutCacheWrite: cells.input_without_cache_write_tokens,
      cacheRead: cells.cache_read_tokens,
      output: cells.output_tokens,
      total: cells.total_tokens,
    },
    kind: { readAt: Temporal.Instant.from(cells.kind_read_at), kind: cells.kind, text: cells.kind_text },
    cost: {
      readAt: Temporal.Instant.from(cells.cost_read_at),
      source: cells.cost_source,
      api: amount(cells.api_cost_micros),
      stated: amount(cells.stated_micros),
    },
    saidIncluded: cells.said_included === 1,
    requests: cells.requests,
    maxMode: cells.max_mode === null ? null : cells.max_mode === 1,
  });
  return { id: cells.id, occurrence: cells.occurrence, event };
}

function amount(value: number | null): Micros | null {
  return value === null ? null : micros(value);
}

/** The columns that are written, and how their values are made. */
const WRITTEN = Object.keys({ ...FIGURES, ...DERIVED });
const VALUES = [...Object.values(FIGURES).map(({ value }) => value), ...Object.values(DERIVED)];

function figureValues(event: UsageEvent): SQLInputValue[] {
  return VALUES.map((value) => value(event));
}

const COLUMNS = Object.keys(eventRow.shape).join(", ");
const KNOWN = `SELECT ${COLUMNS} FROM events WHERE at IN (SELECT value FROM json_each(?))`;
const RANGE = `SELECT ${COLUMNS} FROM events WHERE at >= coalesce(?, '') AND at < coalesce(?, '9') ` +
  "ORDER BY at, model, coalesce(user, ''), coalesce(total_tokens, -1), coalesce(input_with_cache_write_tokens, -1), " +
  "coalesce(input_without_cache_write_tokens, -1), coalesce(cache_read_tokens, -1), coalesce(output_tokens, -1), " +
  "occurrence";
const INSERT = `INSERT INTO events (at, user, model, occurrence, ${WRITTEN.join(", ")}) ` +
  `VALUES (?, ?, ?, ?, ${WRITTEN.map(() => "?").join(", ")})`;
const UPDATE = `UPDATE events SET occurrence = ?, ${WRITTEN.map((name) => `${name} = ?`).join(", ")} WHERE id = ?`;
const CONFIRM = "UPDATE events SET kind_read_at = ?, cost_read_at = ? WHERE id = ?";
/** Out of the way of its equals, until all of them have their new numbers. */
const PARK = "UPDATE events SET occurrence = -id WHERE id = ?";

/** An event as it is to be stored; `row` is where it stands now. */
interface Placed {
  readonly row: StoredEvent | undefined;
  readonly event: UsageEvent;
  readonly occurrence: number;
  /** Only the times of reading have moved. */
  readonly isConfirmed: boolean;
}

/** Events in SQLite. */
export class SqliteEventStore implements EventStore {
  readonly #db: DatabaseSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  merge(window: readonly UsageEvent[], { isReplay = false }: { isReplay?: boolean } = {}): Merged {
    if (window.length === 0) return { added: 0, updated: 0, known: 0, changedFrom: null };
    return transaction(this.#db, () => {
      const known = this.#sameTimes(window);
      const changes = mergeEvents(known.map(({ event }) => event), window, { isReplay });
      const rows = new Map(known.map((row) => [row.event, row]));
      for (const { before, after } of [...changes.updated, ...changes.confirmed]) {
        const row = rows.get(before);
        if (row !== undefined) rows.set(after, row);
      }
      const confirmed = new Set(changes.confirmed.map(({ after }) => after));
      const placed = numberOccurrences(eventsAfter(changes))
        .map(({ event, occurrence }) => ({
          row: rows.get(event),
          event,
          occurrence,
          isConfirmed: confirmed.has(event),
        }));
      this.#write(placed);
      const [added, updated] = [changes.added.length, changes.updated.length];
      return { added, updated, known: window.length - added - updated, changedFrom: changedFrom(changes) };
    });
  }

  *read({ from = null, to = null }: TimeRange = {}): Generator<UsageEvent, void> {
    for (const row of this.#db.prepare(RANGE).iterate(textOrNull(from), textOrNull(to))) yield readEventRow(row).event;
  }

  /** What can be the same as an event of the window has its time. */
  #sameTimes(window: readonly UsageEvent[]): StoredEvent[] {
    const times = new Set(window.map(({ at }) => textOfInstant(at)));
    return this.#db.prepare(KNOWN).all(JSON.stringify([...times])).map(readEventRow);
  }

  #write(placed: readonly Placed[]): void {
    const [park, update, confirm, insert] = [PARK, UPDATE, CONFIRM, INSERT].map((sql) => this.#db.prepare(sql));
    for (const { row, ...place } of placed) if (row && isMoved(row, place)) park?.run(row.id);
    for (const { row, event, occurrence, isConfirmed } of placed) {
      if (row === undefined) continue;
      const hasMoved = isMoved(row, { event, occurrence });
      if (!hasMoved && row.event === event) continue;
      if (hasMoved || !isConfirmed) update?.run(occurrence, ...figureValues(event), row.id);
      else confirm?.run(textOfInstant(event.kind.readAt), textOfInstant(event.cost.readAt), row.id);
    }
    for (const { row, event, occurrence } of placed) {
      if (row !== undefined) continue;
      insert?.run(textOfInstant(event.at), event.user, event.model, occurrence, ...figureValues(event));
    }
  }
}

function isMoved(row: StoredEvent, { event, occurrence }: Pick<Placed, "event" | "occurrence">): boolean {
  return row.occurrence !== occurrence || (row.event !== event && eventIdentity(row.event) !== eventIdentity(event));
}
