import type { Alert } from "../../domain/alerts/alert.ts";
import {
  type Message,
  type NewNotification,
  type Notice,
  type Notification,
  NOTIFICATION_PURPOSES,
  type NotificationStore,
} from "../../domain/alerts/notification.ts";
import { alertRow } from "./alerts.ts";
import { instantColumn, textOfInstant, textOrNull } from "./columns.ts";
import { transaction } from "./transaction.ts";
import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import { z } from "zod";

/**
 * The outbox: a message per row and channel, `message` as JSON; which alerts it tells of stands in `notification_alerts`,
 * the first of them in `alert_id` too. Pending while `next_attempt_at` is set, a draft while nobody tried to send it.
 */
export const NOTIFICATIONS_SCHEMA = `
CREATE TABLE notifications (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  alert_id INTEGER REFERENCES alerts(id) ON DELETE SET NULL,
  channel TEXT NOT NULL,
  message_id TEXT NOT NULL UNIQUE,
  message TEXT NOT NULL,
  created_at TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  first_attempt_at TEXT,
  next_attempt_at TEXT,
  delivered_at TEXT,
  given_up_at TEXT,
  last_error TEXT,
  claimed_by TEXT,
  CHECK ((next_attempt_at IS NOT NULL) + (delivered_at IS NOT NULL) + (given_up_at IS NOT NULL) = 1)
) STRICT;
CREATE INDEX notifications_pending ON notifications(channel, id) WHERE next_attempt_at IS NOT NULL;
CREATE INDEX notifications_delivered ON notifications(channel, delivered_at) WHERE delivered_at IS NOT NULL;
CREATE INDEX notifications_alert ON notifications(alert_id) WHERE alert_id IS NOT NULL;

CREATE TABLE notification_alerts (
  notification_id INTEGER NOT NULL REFERENCES notifications(id) ON DELETE CASCADE,
  alert_id INTEGER NOT NULL REFERENCES alerts(id) ON DELETE CASCADE,
  purpose TEXT NOT NULL CHECK (purpose IN ('opened', 'cleared')),
  PRIMARY KEY (notification_id, alert_id, purpose)
) STRICT, WITHOUT ROWID;
CREATE INDEX notification_alerts_alert ON notification_alerts(alert_id);

CREATE TABLE alert_watch (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  since TEXT NOT NULL,
  resumed_at TEXT NOT NULL,
  last_sweep_at TEXT NOT NULL
) STRICT;
`;

const messageColumn = z.string().transform((text): unknown => JSON.parse(text)).pipe(z.object({
  messageId: z.string(),
  purpose: z.enum(NOTIFICATION_PURPOSES),
  subject: z.string(),
  news: z.array(z.object({
    kind: z.string(),
    headline: z.string(),
    reason: z.string(),
    triggeredAt: z.string(),
    clearedAt: z.string().nullable(),
  })),
  figures: z.array(z.object({ label: z.string(), value: z.string() })),
  days: z.array(z.object({ date: z.string(), spendMicros: z.number().nullable(), isEstimated: z.boolean() })),
  dashboardUrl: z.string().nullable(),
  createdAt: z.string(),
})).transform((message): Message => message);

const notificationRow = z.object({
  id: z.number(),
  alert_id: z.number().nullable(),
  channel: z.string(),
  message: messageColumn,
  created_at: instantColumn,
  attempts: z.number(),
  first_attempt_at: instantColumn.nullable(),
  next_attempt_at: instantColumn.nullable(),
  delivered_at: instantColumn.nullable(),
  given_up_at: instantColumn.nullable(),
  last_error: z.string().nullable(),
  claimed_by: z.string().nullable(),
});

/** A row of `notification_alerts`. */
const noticeRow = z.object({
  alert_id: z.number(),
  purpose: z.enum(["opened", "cleared"]),
}).transform((row): Notice => ({ alertId: row.alert_id, purpose: row.purpose }));

/** A row of `notifications`, with the alerts that it tells of. */
function notificationOf(row: unknown, noticesOf: (id: number) => Notice[]): Notification {
  const parsed = notificationRow.parse(row);
  return {
    id: parsed.id,
    alertId: parsed.alert_id,
    channel: parsed.channel,
    message: parsed.message,
    notices: noticesOf(parsed.id),
    createdAt: parsed.created_at,
    attempts: parsed.attempts,
    firstAttemptAt: parsed.first_attempt_at,
    nextAttemptAt: parsed.next_attempt_at,
    deliveredAt: parsed.delivered_at,
    givenUpAt: parsed.given_up_at,
    lastError: parsed.last_error,
    claimedBy: parsed.claimed_by,
  };
}

const deliveredRow = z.object({ delivered_at: instantColumn });

/** The outbox in SQLite. */
export class SqliteNotificationStore implements NotificationStore {
  readonly #db: DatabaseSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  add({ channel, message, notices, createdAt }: NewNotification): Notification {
    return transaction(this.#db, () => {
      const at = textOfInstant(createdAt);
      const { lastInsertRowid } = this.#db.prepare(
        "INSERT INTO notifications (alert_id, channel, message_id, message, created_at, next_attempt_at) " +
          "VALUES (?, ?, ?, ?, ?, ?)",
      ).run(firstAlert(notices), channel, message.messageId, JSON.stringify(message), at, at);
      const id = Number(lastInsertRowid);
      this.#saveNotices(id, notices);
      const added = this.find(id);
      if (added === null) throw new Error(`Notification ${id} is gone right after it was added`);
      return added;
    });
  }

  rewrite(id: number, { message, notices }: Parameters<NotificationStore["rewrite"]>[1]): boolean {
    return transaction(this.#db, () => {
      const sql = "UPDATE notifications SET alert_id = ?, message_id = ?, message = ? WHERE id = ? AND attempts = 0";
      const values = [firstAlert(notices), message.messageId, JSON.stringify(message), id];
      if (this.#db.prepare(sql).run(...values).changes === 0) return false;
      this.#db.prepare("DELETE FROM notification_alerts WHERE notification_id = ?").run(id);
      this.#saveNotices(id, notices);
      return true;
    });
  }

  withdraw(id: number): boolean {
    return this.#db.prepare("DELETE FROM notifications WHERE id = ? AND attempts = 0").run(id).changes === 1;
  }

  find(id: number): Notification | null {
    return this.#select("WHERE id = ?", id)[0] ?? null;
  }

  list(limit: number): Notification[] {
    return this.#select("ORDER BY id DESC LIMIT ?", limit);
  }

  ofAlert(alertId: number): Notification[] {
    const sql = "WHERE id IN (SELECT notification_id FROM notification_alerts WHERE alert_id = ?) ORDER BY id DESC";
    return this.#select(sql, alertId);
  }

  pending(channel?: string): Notification[] {
    const sql = "WHERE next_attempt_at IS NOT NULL AND channel = coalesce(?, channel) ORDER BY id";
    return this.#select(sql, channel ?? null);
  }

  claim(id: number, { owner, from, at }: Parameters<NotificationStore["claim"]>[1]): Notification | null {
    const sql = "UPDATE notifications SET claimed_by = ?, attempts = attempts + 1, " +
      "first_attempt_at = coalesce(first_attempt_at, ?) " +
      "WHERE id = ? AND next_attempt_at IS NOT NULL AND claimed_by IS ?";
    const { changes } = this.#db.prepare(sql).run(owner, textOfInstant(at), id, from);
    return changes === 0 ? null : this.find(id);
  }

  delivered(id: number, { owner, at }: Parameters<NotificationStore["delivered"]>[1]): boolean {
    const sql = "UPDATE notifications SET delivered_at = ?, next_attempt_at = NULL, last_error = NULL, " +
      "claimed_by = NULL WHERE id = ? AND claimed_by = ?";
    return this.#db.prepare(sql).run(textOfInstant(at), id, owner).changes === 1;
  }

  failed(id: number, { owner, at, error, retryAt }: Parameters<NotificationStore["failed"]>[1]): boolean {
    const sql = "UPDATE notifications SET next_attempt_at = ?, given_up_at = ?, last_error = ?, claimed_by = NULL " +
      "WHERE id = ? AND claimed_by = ?";
    const givenUpAt = retryAt === null ? at : null;
    return this.#db.prepare(sql).run(textOrNull(retryAt), textOrNull(givenUpAt), error, id, owner).changes === 1;
  }

  deliveredSince(channel: string, since: Temporal.Instant): Temporal.Instant[] {
    const sql = "SELECT delivered_at FROM notifications WHERE channel = ? AND delivered_at >= ? ORDER BY delivered_at";
    return this.#db.prepare(sql).all(channel, textOfInstant(since)).map((row) => deliveredRow.parse(row).delivered_at);
  }

  untold(channel: string): Alert[] {
    return this.#alerts(
      `SELECT * FROM alerts WHERE cleared_at IS NULL AND acknowledged_at IS NULL
        AND NOT EXISTS (${notices("opened")}) ORDER BY id`,
      channel,
    );
  }

  unrecovered(channel: string): Alert[] {
    return this.#alerts(
      `SELECT * FROM alerts WHERE cleared_at IS NOT NULL AND recovered = 1 AND acknowledged_at IS NULL
        AND EXISTS (${notices("opened")} AND attempts > 0 AND given_up_at IS NULL)
        AND NOT EXISTS (${notices("cleared")}) ORDER BY id`,
      channel,
    );
  }

  #alerts(sql: string, channel: string): Alert[] {
    return this.#db.prepare(sql).all({ channel }).map((row) => alertRow.parse(row));
  }

  #select(rest: string, ...values: SQLInputValue[]): Notification[] {
    const noticesOf = (id: number) =>
      this.#db.prepare("SELECT alert_id, purpose FROM notification_alerts WHERE notification_id = ? ORDER BY alert_id")
        .all(id).map((row) => noticeRow.parse(row));
    return this.#db.prepare(`SELECT * FROM notifications ${rest}`).all(...values)
      .map((row) => notificationOf(row, noticesOf));
  }

  #saveNotices(id: number, notices: readonly Notice[]): void {
    const insert = this.#db.prepare(
      "INSERT INTO notification_alerts (notification_id, alert_id, purpose) VALUES (?, ?, ?)",
    );
    for (const { alertId, purpose } of notices) insert.run(id, alertId, purpose);
  }
}

/** The channel's notifications that tell of the outer query's alert. */
function notices(purpose: Notice["purpose"]): string {
  return `SELECT 1 FROM notification_alerts JOIN notifications ON notifications.id = notification_id
    WHERE notification_alerts.alert_id = alerts.id AND purpose = '${purpose}' AND channel = :channel`;
}

function firstAlert(notices: readonly Notice[]): number | null {
  return notices[0]?.alertId ?? null;
}
