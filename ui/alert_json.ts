import { headlineOf } from "../domain/alerts/news.ts";
import type { Notification } from "../domain/notifications.ts";
import type { Alert } from "../domain/stores.ts";

/** An alert as commands and routes print it. */
export function alertJson(alert: Alert) {
  return {
    id: alert.id,
    kind: alert.kind,
    headline: headlineOf(alert),
    details: alert.details,
    cycle: alert.cycle,
    triggered_at: alert.triggeredAt.toString(),
    cleared_at: alert.clearedAt?.toString() ?? null,
    recovered: alert.isRecovered,
    acknowledged_at: alert.acknowledgedAt?.toString() ?? null,
  };
}

/** A message of the outbox, with what became of it. */
export function notificationJson(notification: Notification) {
  return {
    id: notification.id,
    channel: notification.channel,
    purpose: notification.message.purpose,
    subject: notification.message.subject,
    message_id: notification.message.messageId,
    alert_ids: notification.notices.map(({ alertId }) => alertId),
    created_at: notification.createdAt.toString(),
    state: deliveryState(notification),
    attempts: notification.attempts,
    next_attempt_at: notification.nextAttemptAt?.toString() ?? null,
    delivered_at: notification.deliveredAt?.toString() ?? null,
    given_up_at: notification.givenUpAt?.toString() ?? null,
    last_error: notification.lastError,
  };
}

/** What can have become of a message. */
export const DELIVERY_STATES = ["waiting", "deferred", "delivered", "given_up"] as const;

/** What became of a message so far. */
export function deliveryState(
  { attempts, deliveredAt, givenUpAt }: Pick<Notification, "attempts" | "deliveredAt" | "givenUpAt">,
): typeof DELIVERY_STATES[number] {
  if (deliveredAt !== null) return "delivered";
  if (givenUpAt !== null) return "given_up";
  return attempts === 0 ? "waiting" : "deferred";
}
