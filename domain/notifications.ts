import type { AlertKind } from "./stores.ts";
import type { Json } from "./json.ts";

/** Where notifications can be sent. */
export const CHANNELS = ["email", "webhook"] as const;
export type ChannelName = typeof CHANNELS[number];

/** Why a notification is sent. */
export const NOTIFICATION_PURPOSES = ["opened", "cleared", "digest", "test"] as const;
export type NotificationPurpose = typeof NOTIFICATION_PURPOSES[number];

/** One alert as a message tells it. */
export interface AlertNews {
  readonly kind: AlertKind;
  /** What happened, as a short sentence: "Spend passed $10.00 and $15.00". */
  readonly headline: string;
  /** Why, and what to do about it. */
  readonly reason: string;
  /** ISO 8601, UTC. */
  readonly triggeredAt: string;
  readonly clearedAt: string | null;
}

/** A figure that stands in the message beside its label, formatted: "Spent so far", "$12.34". */
export interface MessageFigure {
  readonly label: string;
  readonly value: string;
}

/** A day of the message's small chart. Money is integer micro-dollars; null where unknown. */
export interface MessageDay {
  readonly date: string;
  readonly spendMicros: number | null;
  readonly isEstimated: boolean;
}

/** What a channel sends; plain data, so that the outbox can keep it and every try sends the same. */
export interface Message {
  /** RFC 5322, with angle brackets; the same for every try. */
  readonly messageId: string;
  readonly purpose: NotificationPurpose;
  readonly subject: string;
  readonly news: readonly AlertNews[];
  readonly figures: readonly MessageFigure[];
  /** Days of the cycle so far, oldest first; empty where there are none. */
  readonly days: readonly MessageDay[];
  /** Where the dashboard is; null where its address is not known. */
  readonly dashboardUrl: string | null;
  /** When the message was made: ISO 8601, UTC. */
  readonly createdAt: string;
}

/** A message as a channel's wire wants it. */
export interface RenderedMessage {
  readonly messageId: string;
  readonly subject: string;
  readonly createdAt: string;
  readonly text: string;
  readonly html: string;
  /** For chats: a few lines in Slack's mark-up. */
  readonly chat: string;
  readonly json: Json;
}

/** Sends messages to one place. */
export interface Channel {
  readonly name: ChannelName;
  /** The place, without secrets: "me@example.com via smtp.gmail.com:587", "https://hooks.example.com/…". */
  readonly target: string;
  /**
   * Sends a message; done once the other side took responsibility for it.
   * @throws DeliveryFailed which says whether another try can help.
   */
  send(message: RenderedMessage, options: { signal: AbortSignal }): Promise<void>;
  /** Finds faults of the configuration without sending anything. @throws DeliveryFailed with a hint that mends it. */
  check(options: { signal: AbortSignal }): Promise<void>;
}

/** A message in the outbox, to one channel. */
export interface Notification {
  readonly id: number;
  readonly alertId: number | null;
  readonly channel: ChannelName;
  readonly message: Message;
  readonly createdAt: Temporal.Instant;
  readonly attempts: number;
  /** When it is tried next; null once it was delivered or given up. */
  readonly nextAttemptAt: Temporal.Instant | null;
  readonly deliveredAt: Temporal.Instant | null;
  readonly givenUpAt: Temporal.Instant | null;
  readonly lastError: string | null;
}
