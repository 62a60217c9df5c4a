import type { Message, RenderedMessage } from "../../domain/alerts/notification.ts";
import type { AlertRule } from "../../domain/alerts/rule.ts";
import { ALERT_RULES } from "../../domain/alerts/rules.ts";
import type { Json } from "../../domain/json.ts";
import { micros, toCents } from "../../domain/money.ts";
import { htmlOf } from "./html.tsx";
import { textOf } from "./text.ts";
import { type MessageView, messageView } from "./view.ts";

/**
 * The message as every channel wants it: the same message gives the same text each time. Times are of `timeZone`.
 * Load it when there is something to send: it brings the HTML renderer with it.
 */
export function renderMessage(
  message: Message,
  { timeZone = "UTC", rules = ALERT_RULES }: { timeZone?: string; rules?: readonly AlertRule[] } = {},
): RenderedMessage {
  const view = messageView(message, { timeZone, rules });
  return {
    messageId: message.messageId,
    subject: view.subject,
    createdAt: message.createdAt,
    text: textOf(view),
    html: htmlOf(view),
    chat: chatOf(view),
    json: jsonOf(message, view.subject),
  };
}

/** The message as the generic webhook posts it. Fields are added to version 1, never renamed or removed. */
function jsonOf(message: Message, subject: string): Json {
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

/** A few lines in Slack's mark-up, which Mattermost, Rocket.Chat and Discord read too. */
function chatOf({ subject, lead, news, figures, dashboardUrl }: MessageView): string {
  const lines = [
    `*${escaped(subject)}*`,
    ...lead.map(escaped),
    ...news.map(({ headline, reason }) => `• *${escaped(headline)}* ${escaped(reason.join(" "))}`.trim()),
    ...figures.map(({ label, value }) => `${escaped(label)}: *${escaped(value)}*`),
  ];
  if (dashboardUrl !== null) lines.push(`<${escaped(dashboardUrl.replaceAll("|", "%7C"))}|Open the dashboard>`);
  return lines.join("\n");
}

/** Text that stays text: no link, no mark-up of a reference, and nobody is called by it. */
function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
    .replace(/@(?=channel|here|everyone|all)/gi, "@\u200b");
}
