import { z } from "zod";
import {
  CHANNELS,
  type Message,
  type Notice,
  type Notification,
  NOTIFICATION_PURPOSES,
} from "../../domain/notifications.ts";
import { ALERT_KINDS } from "../../domain/stores.ts";
import { instantColumn } from "./columns.ts";

const messageColumn = z.string().transform((text): unknown => JSON.parse(text)).pipe(z.object({
  messageId: z.string(),
  purpose: z.enum(NOTIFICATION_PURPOSES),
  subject: z.string(),
  news: z.array(z.object({
    kind: z.enum(ALERT_KINDS),
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
  channel: z.enum(CHANNELS),
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
export const noticeRow = z.object({
  alert_id: z.number(),
  purpose: z.enum(["opened", "cleared"]),
}).transform((row): Notice => ({ alertId: row.alert_id, purpose: row.purpose }));

/** A row of `notifications`, with the alerts that it tells of. */
export function notificationOf(row: unknown, noticesOf: (id: number) => Notice[]): Notification {
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
