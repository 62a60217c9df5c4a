import type { Message } from "../../domain/notifications.ts";
import type { Json } from "../../domain/json.ts";
import { micros, toCents } from "../../domain/money.ts";

/** The message as the generic webhook posts it. Fields are added to version 1, never renamed or removed. */
export function jsonOf(message: Message, subject: string): Json {
  return {
    version: 1,
    id: message.messageId.replace(/^<|>$/g, ""),
    type: `alert.${message.purpose}`,
    created_at: message.createdAt,
    subject,
    alerts: message.news.map(({ kind, headline, reason, triggeredAt, clearedAt }) => ({
      kind,
      headline,
      reason,
      triggered_at: triggeredAt,
      cleared_at: clearedAt,
    })),
    figures: message.figures.map(({ label, value }) => ({ label, value })),
    days: message.days.map(({ date, spendMicros, isEstimated }) => ({
      date,
      spend_micros: spendMicros,
      spend_cents: spendMicros === null ? null : toCents(micros(spendMicros)),
      estimated: isEstimated,
    })),
    dashboard_url: message.dashboardUrl,
  };
}
