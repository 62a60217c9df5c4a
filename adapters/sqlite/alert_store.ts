import type { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import { type Alert, ALERT_KINDS, type AlertKind, type AlertStore } from "../../domain/stores.ts";
import { instantColumn } from "./columns.ts";
import { textOfInstant } from "./instants.ts";

const alertRow = z.object({
  id: z.number(),
  kind: z.enum(ALERT_KINDS),
  details: z.string(),
  dedupe_key: z.string(),
  triggered_at: instantColumn,
  cleared_at: instantColumn.nullable(),
}).transform((row): Alert => ({
  id: row.id,
  kind: row.kind,
  details: row.details,
  dedupeKey: row.dedupe_key,
  triggeredAt: row.triggered_at,
  clearedAt: row.cleared_at,
}));

/** Alerts in SQLite. */
export class SqliteAlertStore implements AlertStore {
  readonly #db: DatabaseSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  open({ kind, dedupeKey, details, at }: Parameters<AlertStore["open"]>[0]): boolean {
    const sql = "INSERT INTO alerts (kind, details, dedupe_key, triggered_at) VALUES (?, ?, ?, ?) " +
      "ON CONFLICT (dedupe_key) DO NOTHING";
    return this.#db.prepare(sql).run(kind, details, dedupeKey, textOfInstant(at)).changes === 1;
  }

  clear(kind: AlertKind, at: Temporal.Instant): number {
    const sql = "UPDATE alerts SET cleared_at = ? WHERE kind = ? AND cleared_at IS NULL";
    return Number(this.#db.prepare(sql).run(textOfInstant(at), kind).changes);
  }

  listOpen(kind?: AlertKind): Alert[] {
    const sql = "SELECT * FROM alerts WHERE cleared_at IS NULL AND kind = coalesce(?, kind) ORDER BY id DESC";
    return this.#db.prepare(sql).all(kind ?? null).map((row) => alertRow.parse(row));
  }

  list(limit: number): Alert[] {
    const sql = "SELECT * FROM alerts ORDER BY id DESC LIMIT ?";
    return this.#db.prepare(sql).all(limit).map((row) => alertRow.parse(row));
  }
}
