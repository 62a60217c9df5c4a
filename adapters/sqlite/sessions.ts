import { type Session, SESSION_ENDS, type SessionEnd, type SessionStore } from "../../domain/capture/session.ts";
import { instantColumn, textOfInstant, textOrNull } from "./columns.ts";
import type { DatabaseSync } from "node:sqlite";
import { z } from "zod";

/** Sessions with the site, and how pages looked that brought no figures. */
export const SESSIONS_SCHEMA = `
CREATE TABLE sessions (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  began_at TEXT NOT NULL,
  began_by TEXT NOT NULL CHECK (began_by IN ('login', 'scrape')),
  last_good_at TEXT,
  expires_at TEXT,
  ended_at TEXT,
  ended_by TEXT CHECK (ended_by IN ('logged_out', 'new_login', 'other_account')),
  account TEXT,
  CHECK ((ended_at IS NULL) = (ended_by IS NULL))
) STRICT;
CREATE UNIQUE INDEX sessions_current ON sessions((1)) WHERE ended_at IS NULL;

CREATE TABLE failed_pages (
  capture_id INTEGER PRIMARY KEY REFERENCES captures(id) ON DELETE CASCADE,
  screenshot BLOB,
  html BLOB
) STRICT;
`;

const sessionRow = z.object({
  id: z.number(),
  began_at: instantColumn,
  began_by: z.enum(["login", "scrape"]),
  last_good_at: instantColumn.nullable(),
  expires_at: instantColumn.nullable(),
  ended_at: instantColumn.nullable(),
  ended_by: z.enum(SESSION_ENDS).nullable(),
  account: z.string().nullable(),
}).transform((row): Session => ({
  id: row.id,
  beganAt: row.began_at,
  beganBy: row.began_by,
  lastGoodAt: row.last_good_at,
  expiresAt: row.expires_at,
  endedAt: row.ended_at,
  endedBy: row.ended_by,
  account: row.account,
}));

/** Sessions in SQLite. */
export class SqliteSessionStore implements SessionStore {
  readonly #db: DatabaseSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  list(limit: number): Session[] {
    const sql = "SELECT * FROM sessions ORDER BY id DESC LIMIT ?";
    return this.#db.prepare(sql).all(limit).map((row) => sessionRow.parse(row));
  }

  begin({ beganAt, beganBy }: Parameters<SessionStore["begin"]>[0]): Session {
    const sql = "INSERT INTO sessions (began_at, began_by) VALUES (?, ?) RETURNING *";
    return sessionRow.parse(this.#db.prepare(sql).get(textOfInstant(beganAt), beganBy));
  }

  update(sessionId: number, { lastGoodAt, expiresAt, account }: Parameters<SessionStore["update"]>[1]): void {
    const sql = "UPDATE sessions SET last_good_at = ?, expires_at = ?, account = ? WHERE id = ?";
    this.#db.prepare(sql).run(textOrNull(lastGoodAt), textOrNull(expiresAt), account, sessionId);
  }

  end(sessionId: number, { at, by }: { at: Temporal.Instant; by: SessionEnd }): void {
    const sql = "UPDATE sessions SET ended_at = ?, ended_by = ? WHERE id = ?";
    this.#db.prepare(sql).run(textOfInstant(at), by, sessionId);
  }
}
