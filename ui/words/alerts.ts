import type { ChannelSetup, Notification } from "../../domain/alerts/notification.ts";

/** How a message went out; by its name if this version does not know the channel. */
export function channelWords(name: string, known: readonly ChannelSetup[]): string {
  return known.find((channel) => channel.name === name)?.words.by ?? `by ${name}`;
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
