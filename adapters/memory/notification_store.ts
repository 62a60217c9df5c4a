import type { Alert } from "../../domain/alerts/alert.ts";
import type { NewNotification, Notice, Notification, NotificationStore } from "../../domain/alerts/notification.ts";
import type { Holder } from "./state.ts";

/** The outbox in memory. */
export class MemoryNotificationStore implements NotificationStore {
  readonly #holder: Holder;

  constructor(holder: Holder) {
    this.#holder = holder;
  }

  add({ channel, message, notices, createdAt }: NewNotification): Notification {
    const { state } = this.#holder;
    const id = state.lastNotificationId + 1;
    const added: Notification = {
      id,
      alertId: notices[0]?.alertId ?? null,
      channel,
      message,
      notices: inOrder(notices),
      createdAt,
      attempts: 0,
      firstAttemptAt: null,
      nextAttemptAt: createdAt,
      deliveredAt: null,
      givenUpAt: null,
      lastError: null,
      claimedBy: null,
    };
    this.#holder.state = { ...state, notifications: [...state.notifications, added], lastNotificationId: id };
    return added;
  }

  rewrite(id: number, { message, notices }: Parameters<NotificationStore["rewrite"]>[1]): boolean {
    const alertId = notices[0]?.alertId ?? null;
    const changed = { message, notices: inOrder(notices), alertId };
    return this.#change(id, (one) => one.attempts === 0 ? { ...one, ...changed } : null) !== null;
  }

  withdraw(id: number): boolean {
    if (this.find(id)?.attempts !== 0) return false;
    this.#save(this.#all().filter((one) => one.id !== id));
    return true;
  }

  find(id: number): Notification | null {
    return this.#all().find((one) => one.id === id) ?? null;
  }

  list(limit: number): Notification[] {
    return this.#all().toReversed().slice(0, limit);
  }

  ofAlert(alertId: number): Notification[] {
    return this.#all().filter(({ notices }) => notices.some((notice) => notice.alertId === alertId)).reverse();
  }

  pending(channel?: string): Notification[] {
    return this.#all().filter((one) => one.nextAttemptAt !== null && one.channel === (channel ?? one.channel));
  }

  claim(id: number, { owner, from, at }: Parameters<NotificationStore["claim"]>[1]): Notification | null {
    return this.#change(id, (one) => {
      if (one.nextAttemptAt === null || one.claimedBy !== from) return null;
      return { ...one, claimedBy: owner, attempts: one.attempts + 1, firstAttemptAt: one.firstAttemptAt ?? at };
    });
  }

  delivered(id: number, { owner, at }: Parameters<NotificationStore["delivered"]>[1]): boolean {
    return this.#end(id, owner, { deliveredAt: at, nextAttemptAt: null, lastError: null });
  }

  failed(id: number, { owner, at, error, retryAt }: Parameters<NotificationStore["failed"]>[1]): boolean {
    const givenUpAt = retryAt === null ? at : null;
    return this.#end(id, owner, { nextAttemptAt: retryAt, givenUpAt, lastError: error });
  }

  deliveredSince(channel: string, since: Temporal.Instant): Temporal.Instant[] {
    return this.#all().filter((one) => one.channel === channel).flatMap(({ deliveredAt }) => deliveredAt ?? [])
      .filter((at) => Temporal.Instant.compare(at, since) >= 0).sort(Temporal.Instant.compare);
  }

  untold(channel: string): Alert[] {
    return this.#holder.state.alerts.filter(({ id, clearedAt, acknowledgedAt }) =>
      clearedAt === null && acknowledgedAt === null &&
      this.#telling({ alertId: id, purpose: "opened" }, channel).length === 0
    );
  }

  unrecovered(channel: string): Alert[] {
    return this.#holder.state.alerts.filter(({ id, clearedAt, isRecovered, acknowledgedAt }) => {
      if (clearedAt === null || !isRecovered || acknowledgedAt !== null) return false;
      const opened = this.#telling({ alertId: id, purpose: "opened" }, channel);
      return opened.some(({ attempts, givenUpAt }) => attempts > 0 && givenUpAt === null) &&
        this.#telling({ alertId: id, purpose: "cleared" }, channel).length === 0;
    });
  }

  #telling({ alertId, purpose }: Notice, channel: string): Notification[] {
    return this.#all().filter((one) =>
      one.channel === channel && one.notices.some((each) => each.alertId === alertId && each.purpose === purpose)
    );
  }

  #end(id: number, owner: string, end: Partial<Notification>): boolean {
    return this.#change(id, (one) => one.claimedBy === owner ? { ...one, ...end, claimedBy: null } : null) !== null;
  }

  #change(id: number, change: (one: Notification) => Notification | null): Notification | null {
    const one = this.find(id);
    const changed = one === null ? null : change(one);
    if (changed !== null) this.#save(this.#all().map((each) => each.id === id ? changed : each));
    return changed;
  }

  #all(): readonly Notification[] {
    return this.#holder.state.notifications;
  }

  #save(notifications: readonly Notification[]): void {
    this.#holder.state = { ...this.#holder.state, notifications };
  }
}

function inOrder(notices: readonly Notice[]): Notice[] {
  return notices.toSorted((a, b) => a.alertId - b.alertId);
}
