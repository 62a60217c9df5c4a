import type { Notification } from "../domain/notifications.ts";
import type { Alert } from "../domain/stores.ts";

/** An alert as the API shows it. */
export function alertJson(alert: Alert) {
  return {
    id: alert.id,
    kind: alert.kind,
    details: alert.details,
    cycle: alert.cycle,
    triggered_at: alert.triggeredAt.toString(),
    cleared_at: alert.clearedAt?.toString() ?? null,
    acknowledged_at: alert.acknowledgedAt?.toString() ?? null,
  };
}

/** A message in the outbox: how often it was tried, and what came of it. */
export function notificationJson(notification: Notification) {
  const { id, channel, message, notices, attempts, lastError } = notification;
  return {
    id,
    channel,
    purpose: message.purpose,
    subject: message.subject,
    alert_ids: notices.map(({ alertId }) => alertId),
    created_at: notification.createdAt.toString(),
    attempts,
    next_attempt_at: notification.nextAttemptAt?.toString() ?? null,
    delivered_at: notification.deliveredAt?.toString() ?? null,
    given_up_at: notification.givenUpAt?.toString() ?? null,
    last_error: lastError,
  };
}
