import type { Snapshot, UsageRow } from "../../domain/capture/usage.ts";
import type { ModelDay } from "../../domain/history/model_history.ts";
import type { DayFilter, HistoryStore, StoredCycle } from "../../domain/history/stored_cycle.ts";
import { dateColumn, instantColumn, microsColumn } from "./columns.ts";
import type { SqliteEventStore } from "./events.ts";
import { HistoryRecorder } from "./history_recorder.ts";
import { transaction } from "./transaction.ts";
import type { SqliteUsageStore } from "./usage.ts";
import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import { z } from "zod";

/**
 * What snapshots amount to, worked out when they are stored: cycles, the snapshots of each, and each model's days.
 * All of it can be built anew from `snapshots` and `usage_events`.
 */
export const HISTORY_SCHEMA = `
CREATE TABLE cycles (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  billing_period_start TEXT,
  billing_period_end TEXT,
  cycle_start_at TEXT,
  cycle_end_at TEXT,
  first_captured_at TEXT NOT NULL,
  last_snapshot_id INTEGER NOT NULL REFERENCES snapshots(id) ON DELETE CASCADE,
  key TEXT GENERATED ALWAYS AS (coalesce(billing_period_start, substr(first_captured_at, 1, 10))) STORED
) STRICT;
CREATE INDEX cycles_key ON cycles(key);
CREATE INDEX cycles_last_snapshot ON cycles(last_snapshot_id);

CREATE TABLE cycle_snapshots (
  snapshot_id INTEGER PRIMARY KEY REFERENCES snapshots(id) ON DELETE CASCADE,
  cycle_id INTEGER NOT NULL REFERENCES cycles(id) ON DELETE CASCADE
) STRICT;
CREATE INDEX cycle_snapshots_cycle ON cycle_snapshots(cycle_id);

CREATE TABLE model_days (
  cycle_id INTEGER NOT NULL REFERENCES cycles(id) ON DELETE CASCADE,
  date TEXT NOT NULL,
  model TEXT NOT NULL,
  input_with_cache_write_tokens INTEGER NOT NULL,
  input_without_cache_write_tokens INTEGER NOT NULL,
  cache_read_tokens INTEGER NOT NULL,
  output_tokens INTEGER NOT NULL,
  total_tokens INTEGER NOT NULL,
  api_cost_micros INTEGER,
  cost_to_you_micros INTEGER,
  estimated INTEGER NOT NULL CHECK (estimated IN (0, 1)),
  PRIMARY KEY (cycle_id, date, model)
) STRICT, WITHOUT ROWID;

CREATE TABLE history_state (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  time_zone TEXT NOT NULL
) STRICT;
`;

/** A row of `cycles`. */
const cycleRow = z.object({
  id: z.number(),
  billing_period_start: dateColumn.nullable(),
  billing_period_end: dateColumn.nullable(),
  cycle_start_at: instantColumn.nullable(),
  cycle_end_at: instantColumn.nullable(),
  key: dateColumn,
  first_captured_at: instantColumn,
  last_snapshot_id: z.number(),
}).transform((row): StoredCycle => ({
  id: row.id,
  cycle: {
    start: row.billing_period_start,
    end: row.billing_period_end,
    startAt: row.cycle_start_at,
    endAt: row.cycle_end_at,
  },
  key: row.key,
  firstCapturedAt: row.first_captured_at,
  lastSnapshotId: row.last_snapshot_id,
}));

/** A row of `model_days`. */
const dayRow = z.object({
  date: dateColumn,
  model: z.string(),
  input_with_cache_write_tokens: z.number(),
  input_without_cache_write_tokens: z.number(),
  cache_read_tokens: z.number(),
  output_tokens: z.number(),
  total_tokens: z.number(),
  api_cost_micros: microsColumn.nullable(),
  cost_to_you_micros: microsColumn.nullable(),
  estimated: z.number().transform((flag) => flag === 1),
}).transform((row): ModelDay => ({
  date: row.date,
  model: row.model,
  tokens: {
    inputWithCacheWrite: row.input_with_cache_write_tokens,
    inputWithoutCacheWrite: row.input_without_cache_write_tokens,
    cacheRead: row.cache_read_tokens,
    output: row.output_tokens,
    total: row.total_tokens,
  },
  apiCost: row.api_cost_micros,
  costToYou: row.cost_to_you_micros,
  estimated: row.estimated,
}));

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
