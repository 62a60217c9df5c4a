import type { Alert, AlertStore, AlertWatch, NewAlert } from "../../domain/alerts/alert.ts";
import { instantColumn, textOfInstant } from "./columns.ts";
import type { DatabaseSync } from "node:sqlite";
import { z } from "zod";

/** A row of `alerts`. */
export const alertRow = z.object({
  id: z.number(),
  kind: z.string(),
  details: z.string(),
  dedupe_key: z.string(),
  cycle: z.string().nullable(),
  triggered_at: instantColumn,
  cleared_at: instantColumn.nullable(),
  recovered: z.number(),
  acknowledged_at: instantColumn.nullable(),
}).transform((row): Alert => ({
  id: row.id,
  kind: row.kind,
  details: row.details,
  dedupeKey: row.dedupe_key,
  cycle: row.cycle,
  triggeredAt: row.triggered_at,
  clearedAt: row.cleared_at,
  isRecovered: row.recovered === 1,
  acknowledgedAt: row.acknowledged_at,
}));

const watchRow = z.object({
  since: instantColumn,
  resumed_at: instantColumn,
  last_sweep_at: instantColumn,
}).transform((row): AlertWatch => ({
  since: row.since,
  resumedAt: row.resumed_at,
  lastSweepAt: row.last_sweep_at,
}));

const cycleRow = z.object({ cycle: z.string() });

/** Alerts in SQLite. */
export class SqliteAlertStore implements AlertStore {
  readonly #db: DatabaseSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  open({ kind, dedupeKey, details, at, cycle = null }: NewAlert): boolean {
    const sql = "INSERT INTO alerts (kind, details, dedupe_key, cycle, triggered_at) VALUES (?, ?, ?, ?, ?) " +
      "ON CONFLICT (dedupe_key) DO NOTHING";
    return this.#db.prepare(sql).run(kind, details, dedupeKey, cycle, textOfInstant(at)).changes === 1;
  }

  close(id: number, { at, isRecovered }: Parameters<AlertStore["close"]>[1]): boolean {
    const sql = "UPDATE alerts SET cleared_at = ?, recovered = ? WHERE id = ? AND cleared_at IS NULL";
    return this.#db.prepare(sql).run(textOfInstant(at), isRecovered ? 1 : 0, id).changes === 1;
  }

  ack(id: number, at: Temporal.Instant): Alert | null {
    this.#db.prepare("UPDATE alerts SET acknowledged_at = coalesce(acknowledged_at, ?) WHERE id = ?")
      .run(textOfInstant(at), id);
    return this.find(id);
  }

  find(id: number): Alert | null {
    const row = this.#db.prepare("SELECT * FROM alerts WHERE id = ?").get(id);
    return row === undefined ? null : alertRow.parse(row);
  }

  listOpen(kind?: string): Alert[] {
    const sql = "SELECT * FROM alerts WHERE cleared_at IS NULL AND kind = coalesce(?, kind) ORDER BY id DESC";
    return this.#db.prepare(sql).all(kind ?? null).map((row) => alertRow.parse(row));
  }

  list(limit: number): Alert[] {
    const sql = "SELECT * FROM alerts ORDER BY id DESC LIMIT ?";
    return this.#db.prepare(sql).all(limit).map((row) => alertRow.parse(row));
  }

  ofCycle(cycle: string): Alert[] {
    return this.#db.prepare("SELECT * FROM alerts WHERE cycle = ? ORDER BY id").all(cycle)
      .map((row) => alertRow.parse(row));
  }

  cycles(): string[] {
    const sql = "SELECT cycle FROM alerts WHERE cycle IS NOT NULL GROUP BY cycle ORDER BY min(id)";
    return this.#db.prepare(sql).all().map((row) => cycleRow.parse(row).cycle);
  }

  watch(): AlertWatch | null {
    const row = this.#db.prepare("SELECT * FROM alert_watch").get();
    return row === undefined ? null : watchRow.parse(row);
  }

  saveWatch({ since, resumedAt, lastSweepAt }: AlertWatch): void {
    this.#db.prepare("INSERT OR REPLACE INTO alert_watch (id, since, resumed_at, last_sweep_at) VALUES (1, ?, ?, ?)")
      .run(textOfInstant(since), textOfInstant(resumedAt), textOfInstant(lastSweepAt));
  }
}
