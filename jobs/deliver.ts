import { unlessAborted } from "../domain/abort.ts";
import { FLOOD_MINUTES, nextToSend, quietUntil, retryAt } from "../domain/alerts/delivery.ts";
import { type Channel, DeliveryFailed, type Messaging, type Notification } from "../domain/alerts/notification.ts";
import type { Clock } from "../domain/clock.ts";
import type { Config } from "../domain/config.ts";
import { messageOf as errorText } from "../domain/errors.ts";
import type { Log } from "../domain/log.ts";
import type { Liveness } from "../domain/runs/run.ts";
import type { Stores } from "../domain/stores.ts";

/** How long a message may take to be taken. */
const SEND_TIMEOUT_MS = 2 * 60_000;

/** What delivering works with. */
export interface DeliveryParts {
  readonly messaging: Omit<Messaging, "known">;
  readonly stores: Stores;
  /** Runs `work` in one transaction over the stores. */
  transaction<T>(work: (tx: Stores) => T): T;
  readonly liveness: Liveness;
  readonly clock: Clock;
  readonly config: Pick<Config, "quietHours" | "timeZone">;
  /** Ids of what this process is sending at the moment, by any of its sweeps. */
  readonly sending: Set<number>;
  /** Default two minutes. */
  readonly sendTimeoutMs?: number;
}

/** What became of the messages that were due. */
interface Delivered {
  readonly delivered: number;
  readonly deferred: number;
  readonly given_up: number;
}

type Outcome = keyof Delivered;

/**
 * Sends what is due, the channels side by side, each one's messages one after another. A try is recorded before and after
 * it: a process that is killed leaves one message per channel of which nobody knows whether it was taken, and only that
 * one is sent again, with the same Message-ID. A message that a living process is sending is left to it.
 */
export async function deliver(
  parts: DeliveryParts,
  { signal, log }: { signal: AbortSignal; log: Log },
): Promise<Delivered> {
  const ofChannels = await Promise.all(parts.messaging.channels.map((one) => deliverTo(one, { parts, signal, log })));
  const count = (outcome: Outcome) => ofChannels.flat().filter((one) => one === outcome).length;
  return { delivered: count("delivered"), deferred: count("deferred"), given_up: count("given_up") };
}

async function deliverTo(
  channel: Channel,
  { parts, signal, log }: { parts: DeliveryParts; signal: AbortSignal; log: Log },
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  while (!signal.aborted && quietUntil(parts.clock.now(), parts.config) === null) {
    const next = claimNext(channel, parts);
    if (next === null) break;
    parts.sending.add(next.id);
    try {
      const outcome = await tryOnce(next, { channel, parts, signal, log });
      outcomes.push(outcome);
      // A server that is away is not asked once more by each message that waits.
      if (outcome === "deferred") break;
    } finally {
      parts.sending.delete(next.id);
    }
  }
  return outcomes;
}

/** Takes the next message for this process, in one transaction, so that no other one takes it too. */
function claimNext({ name }: Channel, { transaction, liveness, clock, sending }: DeliveryParts): Notification | null {
  const isHeld = ({ id, claimedBy }: Notification) => {
    if (claimedBy === null) return false;
    return claimedBy === liveness.self ? sending.has(id) : liveness.isAlive(claimedBy);
  };
  return transaction(({ notifications }) => {
    const pending = notifications.pending(name);
    if (pending.some(isHeld)) return null;
    const now = clock.now();
    const sent = notifications.deliveredSince(name, now.subtract({ minutes: FLOOD_MINUTES }));
    const next = nextToSend(pending, { now, sent });
    if (next === null) return null;
    return notifications.claim(next.id, { owner: liveness.self, from: next.claimedBy, at: now });
  });
}

async function tryOnce(
  next: Notification,
  { channel, parts, signal, log }: { channel: Channel; parts: DeliveryParts; signal: AbortSignal; log: Log },
): Promise<Outcome> {
  const { clock, liveness: { self: owner }, stores: { notifications } } = parts;
  const about = { notification_id: next.id, channel: channel.name, attempt: next.attempts };
  try {
    await send(next, { channel, parts, signal });
  } catch (error) {
    const at = clock.now();
    // The end of this process says nothing about the message.
    const again = signal.aborted ? at : failedUntil(next, { error, at });
    const text = signal.aborted ? "Interrupted" : errorText(error);
    notifications.failed(next.id, { owner, at, error: text, retryAt: again });
    const event = again === null ? "notification.given_up" : "notification.deferred";
    log[again === null ? "error" : "warn"](event, { ...about, error: text, retry_at: again?.toString() ?? null });
    return again === null ? "given_up" : "deferred";
  }
  notifications.delivered(next.id, { owner, at: clock.now() });
  log.info("notification.delivered", { ...about, message_id: next.message.messageId });
  return "delivered";
}

function failedUntil(
  next: Notification,
  { error, at }: { error: unknown; at: Temporal.Instant },
): Temporal.Instant | null {
  if (!(error instanceof DeliveryFailed)) return retryAt(next, { now: at });
  return error.isPermanent ? null : retryAt(next, { now: at, askedMs: error.retryAfterMs });
}

/** Ends with the signal or the time-out even where the channel does not. */
async function send(
  { message }: Notification,
  { channel, parts, signal }: { channel: Channel; parts: DeliveryParts; signal: AbortSignal },
): Promise<void> {
  const { messaging, sendTimeoutMs = SEND_TIMEOUT_MS } = parts;
  const rendered = await messaging.render(message);
  signal.throwIfAborted();
  const late = AbortSignal.timeout(sendTimeoutMs);
  const ends = AbortSignal.any([signal, late]);
  try {
    await unlessAborted(channel.send(rendered, { signal: ends }), ends);
  } catch (error) {
    if (!late.aborted) throw error;
    const text = `The ${channel.name} channel did not answer within ${sendTimeoutMs / 1000} s`;
    throw new DeliveryFailed(text, { isPermanent: false });
  }
}
