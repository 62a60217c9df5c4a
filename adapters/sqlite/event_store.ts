import type { DatabaseSync } from "node:sqlite";
import { changedFrom, eventsAfter, mergeEvents, numberOccurrences } from "../../domain/event_merge.ts";
import { eventIdentity, type UsageEvent } from "../../domain/events.ts";
import type { EventStore, Merged, TimeRange } from "../../domain/stores.ts";
import { textOrNull } from "./columns.ts";
import { FIGURE_COLUMNS, figureValues, readEventRow, type StoredEvent } from "./event_rows.ts";
import { textOfInstant } from "./instants.ts";
import { transaction } from "./transaction.ts";

/** Without the generated columns, which nothing here reads. */
const COLUMNS = ["id", "at", "user", "model", "occurrence", ...FIGURE_COLUMNS].join(", ");
const KNOWN = `SELECT ${COLUMNS} FROM events WHERE at IN (SELECT value FROM json_each(?))`;
const RANGE = `SELECT ${COLUMNS} FROM events WHERE at >= coalesce(?, '') AND at < coalesce(?, '9') ` +
  "ORDER BY at, model, coalesce(user, ''), coalesce(total_tokens, -1), coalesce(input_with_cache_write_tokens, -1), " +
  "coalesce(input_without_cache_write_tokens, -1), coalesce(cache_read_tokens, -1), coalesce(output_tokens, -1), " +
  "occurrence";
const INSERT = `INSERT INTO events (at, user, model, occurrence, ${FIGURE_COLUMNS.join(", ")}) ` +
  `VALUES (?, ?, ?, ?, ${FIGURE_COLUMNS.map(() => "?").join(", ")})`;
const UPDATE = `UPDATE events SET occurrence = ?, ${
  FIGURE_COLUMNS.map((name) => `${name} = ?`).join(", ")
} WHERE id = ?`;
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
