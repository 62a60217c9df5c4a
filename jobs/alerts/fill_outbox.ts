import { messageOf } from "../../domain/alerts/message.ts";
import { newsOf, type Told } from "../../domain/alerts/news.ts";
import type { ChannelName, Message, Messaging, Notice, Notification } from "../../domain/notifications.ts";
import { Reports } from "../../domain/report/reports.ts";
import type { ReportParts } from "../../domain/report/parts.ts";
import type { Standing } from "../../domain/report/standing.ts";
import type { Stores } from "../../domain/stores.ts";

/** What the outbox is filled with. */
export interface OutboxParts extends Omit<ReportParts, "stores"> {
  readonly messaging: Pick<Messaging, "channels" | "dashboardUrl" | "newMessageId">;
}

/**
 * Writes what the channels were not told yet: each channel has one draft at most, which news join until it is tried.
 * What is over before anybody was told of it leaves the draft; what was told and recovered is told as over. An alert that
 * somebody acknowledged is told no more. Belongs into one transaction with the alerts.
 */
export function fillOutbox(tx: Stores, parts: OutboxParts): void {
  let standing: { readonly value: Standing | null } | null = null;
  const standingOnce = () => (standing ??= { value: new Reports({ ...parts, stores: tx }).standing() }).value;
  for (const { name: channel } of parts.messaging.channels) {
    const draft = tx.notifications.pending(channel).find(({ attempts }) => attempts === 0) ?? null;
    const kept = (draft?.notices ?? []).flatMap((notice) => stillTrue(tx, notice));
    const told = [...kept, ...newFor(tx, channel)];
    if (draft !== null && told.length === draft.notices.length && kept.length === told.length) continue;
    write(tx, { channel, draft, told, message: () => messageFor(told, { parts, draft, standing: standingOnce() }) });
  }
}

function newFor({ notifications }: Stores, channel: ChannelName): Told[] {
  const opened = notifications.untold(channel).map((alert): Told => ({ alert, purpose: "opened" }));
  const cleared = notifications.unrecovered(channel).map((alert): Told => ({ alert, purpose: "cleared" }));
  return [...opened, ...cleared];
}

function stillTrue({ alerts }: Stores, { alertId, purpose }: Notice): Told[] {
  const alert = alerts.find(alertId);
  if (alert === null || alert.acknowledgedAt !== null) return [];
  return purpose === "opened" && alert.clearedAt !== null ? [] : [{ alert, purpose }];
}

function messageFor(
  told: readonly Told[],
  { parts, draft, standing }: { parts: OutboxParts; draft: Notification | null; standing: Standing | null },
): Message {
  const { clock, config: { spendMetric }, messaging } = parts;
  const messageId = draft?.message.messageId ?? messaging.newMessageId();
  const { dashboardUrl } = messaging;
  return messageOf(newsOf(told), { messageId, createdAt: clock.now(), standing, spendMetric, dashboardUrl });
}

function write(
  { notifications }: Stores,
  { channel, draft, told, message }: {
    channel: ChannelName;
    draft: Notification | null;
    told: readonly Told[];
    message: () => Message;
  },
): void {
  const notices = told.map(({ alert, purpose }): Notice => ({ alertId: alert.id, purpose }));
  if (notices.length === 0) {
    if (draft !== null) notifications.withdraw(draft.id);
    return;
  }
  if (draft !== null) notifications.rewrite(draft.id, { message: message(), notices });
  else {
    const made = message();
    notifications.add({ channel, message: made, notices, createdAt: Temporal.Instant.from(made.createdAt) });
  }
}
