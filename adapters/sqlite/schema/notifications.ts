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
