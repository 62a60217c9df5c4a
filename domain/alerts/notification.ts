import { TrackerError } from "../errors.ts";
import type { Json } from "../json.ts";
import type { Alert } from "./alert.ts";

/** Why a notification is sent. */
export const NOTIFICATION_PURPOSES = ["opened", "cleared", "digest", "test"] as const;
export type NotificationPurpose = typeof NOTIFICATION_PURPOSES[number];

/** One alert as a message tells it. */
export interface AlertNews {
  readonly kind: string;
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
  readonly name: string;
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

/** How people read of a channel. */
interface ChannelWords {
  /** "E-mail" */
  readonly title: string;
  /** How a message went out: "by e-mail". */
  readonly by: string;
  /** What to set to have it, as it stands behind "Set": "SMTP_USER, SMTP_PASS and ALERT_TO for mail". */
  readonly needs: string;
  /** What the doctor calls its check, and what it says of a channel that is not set up. */
  readonly check: { readonly name: string; readonly title: string; readonly skipped: string };
}

/** A channel that this version knows, as it is configured. */
export interface ChannelSetup {
  /** In the database, the API and metrics; it never changes. */
  readonly name: string;
  readonly words: ChannelWords;
  /** Variables that must be set before it works; empty if it is set up. */
  readonly missing: readonly string[];
  /** The domain that its messages come from, for Message-IDs; null if it has none. */
  readonly domain: string | null;
  /** Null if it is not set up. It opens nothing before it is used. */
  make(): Channel | null;
}

/** Where messages go, and how they look there. */
export interface Messaging {
  /** Every channel that this version knows, in the order in which people read of them. */
  readonly known: readonly ChannelSetup[];
  /** Those that are set up. */
  readonly channels: readonly Channel[];
  /** Where people open the dashboard; null where that is not known. */
  readonly dashboardUrl: string | null;
  /** A new Message-ID, with angle brackets. */
  newMessageId(): string;
  render(message: Message): RenderedMessage | Promise<RenderedMessage>;
}

/** That a message tells of an alert: that it opened, or that it is over. */
export interface Notice {
  readonly alertId: number;
  readonly purpose: "opened" | "cleared";
}

/** A message to one channel that is not in the outbox yet. */
export interface NewNotification {
  readonly channel: string;
  readonly message: Message;
  /** The alerts that it tells of; none for a test message. */
  readonly notices: readonly Notice[];
  readonly createdAt: Temporal.Instant;
}

/** A message in the outbox, to one channel. Until it is tried it is a draft, which further news may join. */
export interface Notification extends NewNotification {
  readonly id: number;
  /** The first alert that it tells of. */
  readonly alertId: number | null;
  readonly attempts: number;
  readonly firstAttemptAt: Temporal.Instant | null;
  /** When it is tried next; null once it was delivered or given up. */
  readonly nextAttemptAt: Temporal.Instant | null;
  readonly deliveredAt: Temporal.Instant | null;
  readonly givenUpAt: Temporal.Instant | null;
  readonly lastError: string | null;
  /** The process that is sending it; one that died may be named until the next try. */
  readonly claimedBy: string | null;
}

/** The outbox. What its methods write belongs to the transaction that they are called in. */
export interface NotificationStore {
  /** Queues a message, due at once. */
  add(notification: NewNotification): Notification;
  /** Changes what a draft says; false, and nothing is changed, where it was tried meanwhile. */
  rewrite(id: number, changed: { message: Message; notices: readonly Notice[] }): boolean;
  /** Removes a draft; false where it was tried meanwhile. */
  withdraw(id: number): boolean;
  find(id: number): Notification | null;
  /** All, newest first. */
  list(limit: number): Notification[];
  /** Those that tell of the alert, newest first. */
  ofAlert(alertId: number): Notification[];
  /** Those neither delivered nor given up, oldest first. */
  pending(channel?: string): Notification[];
  /**
   * Counts a try that begins, by `owner`. Null where the notification is not pending or is no longer held by `from`: the
   * one whose claim was seen, or nobody (null).
   */
  claim(id: number, claim: { owner: string; from: string | null; at: Temporal.Instant }): Notification | null;
  /** Ends the owner's try: the other side took the message. False where the owner no longer holds it. */
  delivered(id: number, end: { owner: string; at: Temporal.Instant }): boolean;
  /** Ends the owner's try: tried again at `retryAt`, or given up where that is null. */
  failed(
    id: number,
    end: { owner: string; at: Temporal.Instant; error: string; retryAt: Temporal.Instant | null },
  ): boolean;
  /** When messages of the channel were delivered since a moment, oldest first. */
  deliveredSince(channel: string, since: Temporal.Instant): Temporal.Instant[];
  /** Open alerts that nobody acknowledged and that the channel was not told of, oldest first. */
  untold(channel: string): Alert[];
  /** Alerts that recovered, and that the channel was (or may have been) told of as open, but not as over. */
  unrecovered(channel: string): Alert[];
}

/** A message was not taken. */
export class DeliveryFailed extends TrackerError {
  override readonly name = "DeliveryFailed";
  /** Whether the other side refused for good, so that another try can't help. */
  readonly isPermanent: boolean;
  /** How long the other side asked to wait, in milliseconds; null where it said nothing. */
  readonly retryAfterMs: number | null;

  constructor(
    message: string,
    { isPermanent, retryAfterMs = null, ...options }: ErrorOptions & {
      isPermanent: boolean;
      retryAfterMs?: number | null;
      hint?: string;
    },
  ) {
    super(message, options);
    this.isPermanent = isPermanent;
    this.retryAfterMs = retryAfterMs;
  }
}
