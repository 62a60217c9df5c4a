import type { Snapshot, UsageRow } from "../../domain/capture/usage.ts";
import { cycleStart, UNKNOWN_CYCLE } from "../../domain/cycle.ts";
import { type CycleHistory, OPEN_CYCLES, OpenCycles } from "../../domain/history/cycle_history.ts";
import type { ModelDay } from "../../domain/history/model_history.ts";
import { ownEvents, type OwnEventSource } from "../../domain/history/own_events.ts";
import { textOfInstant, textOrNull } from "./columns.ts";
import type { SqliteEventStore } from "./events.ts";
import { snapshotRow, type SqliteUsageStore } from "./usage.ts";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { z } from "zod";

const idRow = z.object({ id: z.number() });
const recordedRow = z.object({ cycle_id: z.number() });

const NEWEST_CYCLES = `SELECT id FROM cycles ORDER BY first_captured_at DESC, id DESC LIMIT ${OPEN_CYCLES}`;
const COUNTED = "snapshots WHERE superseded_by IS NULL";
const OPEN_SNAPSHOTS = "SELECT snapshots.*, cycle_id FROM cycle_snapshots JOIN snapshots ON id = snapshot_id " +
  `WHERE superseded_by IS NULL AND cycle_id IN (${NEWEST_CYCLES}) ORDER BY captured_at, id`;

/** Where the open cycles stand: the snapshot that they took in last, and the cycle that it went to. */
interface Position {
  readonly snapshot: Snapshot;
  readonly cycleId: number;
}

/**
 * Writes cycles and days as snapshots come. The open cycles stay in memory between two snapshots; they are read from
 * the database again where it went on without them: another process stored a snapshot, or a transaction was undone.
 */
export class HistoryRecorder {
  readonly #db: DatabaseSync;
  readonly #usage: SqliteUsageStore;
  readonly #events: SqliteEventStore;
  readonly #timeZone: string;
  readonly #statements = new Map<string, StatementSync>();
  readonly #cycleIds = new Map<CycleHistory, number>();
  #open: OpenCycles;
  #position: Position | null = null;

  constructor(db: DatabaseSync, { usage, events, timeZone }: {
    usage: SqliteUsageStore;
    events: SqliteEventStore;
    timeZone: string;
  }) {
    this.#db = db;
    this.#usage = usage;
    this.#events = events;
    this.#timeZone = timeZone;
    this.#open = this.#openCycles(null);
  }

  /** Takes in the newest snapshot. */
  append(snapshot: Snapshot, rows: readonly UsageRow[]): void {
    const previous = this.#previousOf(snapshot);
    if (!this.#standsAt(previous)) this.#load();
    if (previous !== null) this.#open.check(previous.lastCheckedAt);
    const { history, cycleId, touched, closed } = this.#take(snapshot, rows);
    this.#replaceDays(cycleId, { history, dates: touched });
    if (closed !== null) this.#cycleIds.delete(closed);
  }

  /** Writes everything anew, cycle by cycle. */
  rebuild(): void {
    this.#db.exec("DELETE FROM cycles");
    this.#begin(null);
    this.#write(this.#statement(`SELECT * FROM ${COUNTED} ORDER BY captured_at, id`).iterate());
  }

  /**
   * Writes the open cycles anew, or everything where older cycles may have changed since the moment. The cycles get
   * new ids, by which other processes see that theirs are outdated.
   */
  rebuildSince(from: Temporal.Instant): void {
    const rows = this.#statement(OPEN_SNAPSHOTS).all();
    const [first] = rows.slice(0, 1).map((row) => snapshotRow.parse(row));
    if (first === undefined) return;
    const previousCheckAt = this.#previousOf(first)?.lastCheckedAt ?? null;
    const start = cycleStart(first.cycle) ?? previousCheckAt ?? first.capturedAt;
    if (previousCheckAt !== null && Temporal.Instant.compare(from, start) <= 0) return this.rebuild();
    this.#db.exec(`DELETE FROM cycles WHERE id IN (${NEWEST_CYCLES})`);
    this.#begin(previousCheckAt);
    this.#write(rows);
  }

  /** Takes in the rows of snapshots, and writes the days of their cycles. */
  #write(rows: Iterable<unknown>): void {
    for (const row of rows) {
      const snapshot = snapshotRow.parse(row);
      const { closed } = this.#take(snapshot, this.#usage.rows(snapshot.id));
      if (closed === null) continue;
      this.#insertDays(this.#idOf(closed), closed.days());
      this.#cycleIds.delete(closed);
    }
    for (const history of this.#open.open) this.#insertDays(this.#idOf(history), history.days());
  }

  /** Adds the snapshot to the open cycles, and says in the database which cycle it went to. */
  #take(snapshot: Snapshot, rows: readonly UsageRow[]) {
    const added = this.#open.add({ ...snapshot, rows });
    const cycleId = added.isNew ? this.#insertCycle(snapshot) : this.#idOf(added.history);
    this.#cycleIds.set(added.history, cycleId);
    const { start, end, startAt, endAt } = added.history.cycle ?? UNKNOWN_CYCLE;
    const sql = "UPDATE cycles SET billing_period_start = ?, billing_period_end = ?, cycle_start_at = ?, " +
      "cycle_end_at = ?, last_snapshot_id = ? WHERE id = ?";
    const dates = [start?.toString() ?? null, end?.toString() ?? null, textOrNull(startAt), textOrNull(endAt)];
    this.#statement(sql).run(...dates, snapshot.id, cycleId);
    this.#statement("INSERT INTO cycle_snapshots (snapshot_id, cycle_id) VALUES (?, ?)").run(snapshot.id, cycleId);
    this.#position = { snapshot, cycleId };
    return { ...added, cycleId };
  }

  /** Reads the open cycles' snapshots again. */
  #load(): void {
    const recorded = this.#statement(OPEN_SNAPSHOTS).all()
      .map((row) => ({ snapshot: snapshotRow.parse(row), cycleId: recordedRow.parse(row).cycle_id }));
    const first = recorded[0];
    this.#begin(first === undefined ? null : this.#previousOf(first.snapshot)?.lastCheckedAt ?? null);
    for (const { snapshot, cycleId } of recorded) {
      const { history, closed } = this.#open.add({ ...snapshot, rows: this.#usage.rows(snapshot.id) });
      this.#cycleIds.set(history, cycleId);
      if (closed !== null) this.#cycleIds.delete(closed);
      this.#position = { snapshot, cycleId };
    }
  }

  /** Prepared once: each snapshot runs the same few statements. */
  #statement(sql: string): StatementSync {
    const statement = this.#statements.get(sql) ?? this.#db.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  #begin(previousCheckAt: Temporal.Instant | null): void {
    this.#open = this.#openCycles(previousCheckAt);
    this.#cycleIds.clear();
    this.#position = null;
  }

  #openCycles(previousCheckAt: Temporal.Instant | null): OpenCycles {
    const eventsOf: OwnEventSource = (range) => ownEvents(this.#events.read(range));
    return new OpenCycles({ timeZone: this.#timeZone, eventsOf, previousCheckAt });
  }

  /** Compares more than the id, as a transaction that was undone gives its ids to the next one. */
  #standsAt(previous: Snapshot | null): boolean {
    if (previous === null || this.#position === null) return false;
    const { snapshot, cycleId } = this.#position;
    const row = this.#statement("SELECT cycle_id FROM cycle_snapshots WHERE snapshot_id = ?").get(previous.id);
    return row !== undefined && recordedRow.parse(row).cycle_id === cycleId && snapshot.id === previous.id &&
      snapshot.tableHash === previous.tableHash &&
      Temporal.Instant.compare(snapshot.capturedAt, previous.capturedAt) === 0;
  }

  #previousOf({ id, capturedAt }: Snapshot): Snapshot | null {
    const sql = `SELECT * FROM ${COUNTED} AND (captured_at, id) < (?, ?) ORDER BY captured_at DESC, id DESC LIMIT 1`;
    const row = this.#statement(sql).get(textOfInstant(capturedAt), id);
    return row === undefined ? null : snapshotRow.parse(row);
  }

  #idOf(history: CycleHistory): number {
    const id = this.#cycleIds.get(history);
    if (id === undefined) throw new Error("An open cycle has no row in the database");
    return id;
  }

  #insertCycle({ id, capturedAt }: Snapshot): number {
    const sql = "INSERT INTO cycles (first_captured_at, last_snapshot_id) VALUES (?, ?) RETURNING id";
    return idRow.parse(this.#statement(sql).get(textOfInstant(capturedAt), id)).id;
  }

  #replaceDays(cycleId: number, { history, dates }: { history: CycleHistory; dates: readonly string[] }): void {
    const remove = this.#statement("DELETE FROM model_days WHERE cycle_id = ? AND date = ?");
    for (const date of dates) remove.run(cycleId, date);
    this.#insertDays(cycleId, history.days(new Set(dates)));
  }

  #insertDays(cycleId: number, days: readonly ModelDay[]): void {
    const insert = this.#statement(
      "INSERT INTO model_days (cycle_id, date, model, input_with_cache_write_tokens, input_without_cache_write_tokens, " +
        "cache_read_tokens, output_tokens, total_tokens, api_cost_micros, cost_to_you_micros, estimated) " +
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    );
    for (const { date, model, tokens, apiCost, costToYou, estimated } of days) {
      const { inputWithCacheWrite, inputWithoutCacheWrite, cacheRead, output, total } = tokens;
      const counts = [inputWithCacheWrite, inputWithoutCacheWrite, cacheRead, output, total];
      insert.run(cycleId, date.toString(), model, ...counts, apiCost, costToYou, estimated ? 1 : 0);
    }
  }
}
