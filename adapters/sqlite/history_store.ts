import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import { z } from "zod";
import type { ModelDay } from "../../domain/history/model_history.ts";
import type { DayFilter, HistoryStore, Snapshot, StoredCycle } from "../../domain/stores.ts";
import type { UsageRow } from "../../domain/usage.ts";
import type { SqliteEventStore } from "./event_store.ts";
import { HistoryRecorder } from "./history_recorder.ts";
import { cycleRow, dayRow } from "./history_rows.ts";
import { transaction } from "./transaction.ts";
import type { SqliteUsageStore } from "./usage_store.ts";

const stateRow = z.object({ time_zone: z.string() });

/** Cycles and days in SQLite. */
export class SqliteHistoryStore implements HistoryStore {
  readonly #db: DatabaseSync;
  readonly #usage: SqliteUsageStore;
  readonly #timeZone: string;
  readonly #recorder: HistoryRecorder;

  constructor(db: DatabaseSync, { usage, events, timeZone }: {
    usage: SqliteUsageStore;
    events: SqliteEventStore;
    timeZone: string;
  }) {
    this.#db = db;
    this.#usage = usage;
    this.#timeZone = timeZone;
    this.#recorder = new HistoryRecorder(db, { usage, events, timeZone });
  }

  record(snapshot: Snapshot, rows: readonly UsageRow[]): void {
    const isNewest = this.#usage.latest()?.id === snapshot.id;
    if (isNewest && this.#storedZone() === this.#timeZone) {
      transaction(this.#db, () => this.#recorder.append(snapshot, rows));
    } else this.rebuild();
  }

  eventsChanged(from: Temporal.Instant): void {
    const newest = this.#usage.latest();
    // Later events explain a snapshot that is still to come.
    if (newest === null || Temporal.Instant.compare(from, newest.lastCheckedAt) > 0) return;
    if (this.#storedZone() === this.#timeZone) transaction(this.#db, () => this.#recorder.rebuildSince(from));
    else this.rebuild();
  }

  rebuild(): void {
    transaction(this.#db, () => {
      this.#db.prepare(
        "INSERT INTO history_state (id, time_zone) VALUES (1, ?1) ON CONFLICT DO UPDATE SET time_zone = ?1",
      )
        .run(this.#timeZone);
      this.#recorder.rebuild();
    });
  }

  refresh(): boolean {
    if (this.#storedZone() === this.#timeZone) return false;
    this.rebuild();
    return true;
  }

  cycles(): StoredCycle[] {
    return this.#db.prepare("SELECT * FROM cycles ORDER BY first_captured_at DESC, id DESC").all()
      .map((row) => cycleRow.parse(row));
  }

  current(): StoredCycle | null {
    const newest = this.#usage.latest();
    if (newest === null) return null;
    const sql = "SELECT cycles.* FROM cycle_snapshots JOIN cycles ON cycles.id = cycle_id WHERE snapshot_id = ?";
    return this.#cycle(sql, newest.id);
  }

  find(key: Temporal.PlainDate): StoredCycle | null {
    const sql = "SELECT * FROM cycles WHERE key = ? ORDER BY first_captured_at DESC, id DESC LIMIT 1";
    return this.#cycle(sql, key.toString());
  }

  days({ cycleId, from, to }: DayFilter): ModelDay[] {
    const wanted = [
      ["cycle_id = ?", cycleId],
      ["date >= ?", from?.toString()],
      ["date <= ?", to?.toString()],
    ] as const;
    const given = wanted.flatMap(([sql, value]) => value === undefined ? [] : [{ sql, value }]);
    // Named cycles let it seek in the key, which begins with them, so that dates need no index of their own.
    const where = ["cycle_id IN (SELECT id FROM cycles)", ...given.map(({ sql }) => sql)].join(" AND ");
    return this.#db.prepare(`SELECT * FROM model_days WHERE ${where} ORDER BY date, model, cycle_id`)
      .all(...given.map(({ value }) => value)).map((row) => dayRow.parse(row));
  }

  #storedZone(): string | null {
    const row = this.#db.prepare("SELECT time_zone FROM history_state").get();
    return row === undefined ? null : stateRow.parse(row).time_zone;
  }

  #cycle(sql: string, ...values: SQLInputValue[]): StoredCycle | null {
    const row = this.#db.prepare(sql).get(...values);
    return row === undefined ? null : cycleRow.parse(row);
  }
}
