import type { ChannelName, Notification } from "../../domain/alerts/notification.ts";
import type { Config } from "../../domain/config.ts";

/** How a message goes out. */
export const CHANNEL_WORDS: Readonly<Record<ChannelName, string>> = { email: "by e-mail", webhook: "by webhook" };

/** A channel, and which variables it still needs. */
export interface ChannelView {
  readonly name: string;
  readonly missing: string | null;
}

/** The channels that messages can go to. */
export function channelsOf({ mail, webhook }: Pick<Config, "mail" | "webhook">): ChannelView[] {
  const missing = [...(mail.host === null ? ["SMTP_HOST"] : []), ...(mail.to.length === 0 ? ["ALERT_TO"] : [])];
  return [
    { name: "E-mail", missing: missing.length === 0 ? null : missing.join(" and ") },
    { name: "Webhook", missing: webhook.url === null ? "WEBHOOK_URL" : null },
  ];
}

/** What has become of a message: a word, its colour, and the moment that goes with it. */
interface Delivery {
  readonly word: string;
  readonly tone: string;
  readonly at: Temporal.Instant | null;
}

/** Where a message is on its way; a try that is due is about to be made. */
export function deliveryOf(notification: Notification, now: Temporal.Instant): Delivery {
  const { deliveredAt, givenUpAt, nextAttemptAt, attempts } = notification;
  if (deliveredAt !== null) return { word: "delivered", tone: "on_track", at: deliveredAt };
  if (givenUpAt !== null) return { word: "given up", tone: "over", at: givenUpAt };
  if (attempts === 0) return { word: "waiting", tone: "running", at: null };
  const isDue = nextAttemptAt === null || Temporal.Instant.compare(nextAttemptAt, now) <= 0;
  return isDue
    ? { word: "trying again", tone: "at_risk", at: null }
    : { word: "next try", tone: "at_risk", at: nextAttemptAt };
}
