import { watchOn } from "../domain/alerts/alert.ts";
import { ALERT_SWEEP, quietUntil, type SweepResult } from "../domain/alerts/delivery.ts";
import { type FactParts, gatherFacts } from "../domain/alerts/facts.ts";
import { alertMessage, newsOf, type Told } from "../domain/alerts/news.ts";
import type { Message, Messaging, Notice, Notification } from "../domain/alerts/notification.ts";
import type { AlertRule } from "../domain/alerts/rule.ts";
import { judge } from "../domain/alerts/rules.ts";
import type { Log } from "../domain/log.ts";
import type { ReportParts } from "../domain/report/days.ts";
import { Reports } from "../domain/report/reports.ts";
import type { Standing } from "../domain/report/standing.ts";
import type { Stores } from "../domain/stores.ts";
import { deliver, type DeliveryParts } from "./deliver.ts";
import type { Job } from "./job.ts";

const MINUTE_MS = 60_000;

/** What a sweep works with. */
interface AlertSweepParts extends Omit<DeliveryParts, "sending" | "config">, Pick<FactParts, "runs"> {
  readonly config: DeliveryParts["config"] & FactParts["config"];
  /** Default: those of this version. */
  readonly rules?: readonly AlertRule[];
}

/**
 * Judges the alerts and writes what is to be told of them in one transaction, then delivers what is due. Sweeps may run at
 * the same time, here and in other processes: an alert opens once, and each message is one sweep's to send.
 */
export function alertSweepJob(parts: AlertSweepParts): Job<Stores, SweepResult> {
  const sending = new Set<number>();
  return {
    name: ALERT_SWEEP,
    timeoutMs: 15 * MINUTE_MS,
    async run({ commit, step, log }) {
      const judged: Judged & { [key: string]: string[] } = await commit(
        "judge",
        (tx) => judgeAndFill(tx, { parts, log }),
      );
      const sent = await step(
        "deliver",
        async ({ signal }) => ({ ...await deliver({ ...parts, sending }, { signal, log }) }),
        { timeoutMs: 10 * MINUTE_MS },
      );
      return { opened: judged.opened, cleared: judged.cleared, ...sent, ...stateOf(parts) };
    },
  };
}

function judgeAndFill(tx: Stores, { parts, log }: { parts: AlertSweepParts; log: Log }) {
  const { opened, cleared } = judgeAlerts(tx, parts);
  fillOutbox(tx, parts);
  if (opened.length > 0) log.info("alert.opened", { alerts: opened });
  if (cleared.length > 0) log.info("alert.cleared", { alerts: cleared });
  return { opened, cleared };
}

function stateOf(
  { stores, clock, config }: AlertSweepParts,
): Pick<SweepResult, "waiting" | "quiet_until" | "next_attempt_at"> {
  const pending = stores.notifications.pending();
  const again = pending.filter(({ attempts }) => attempts > 0).flatMap(({ nextAttemptAt }) => nextAttemptAt ?? []);
  return {
    waiting: pending.length,
    quiet_until: quietUntil(clock.now(), config)?.toString() ?? null,
    next_attempt_at: again.toSorted(Temporal.Instant.compare)[0]?.toString() ?? null,
  };
}

/** What a judgement changed, by dedupe keys. */
interface Judged {
  readonly opened: string[];
  readonly cleared: string[];
}

/** Opens and clears alerts by what is stored now. Belongs into one transaction with their messages. */
function judgeAlerts(
  tx: Stores,
  { runs, clock, config, rules }: Pick<AlertSweepParts, "runs" | "clock" | "config" | "rules">,
): Judged {
  const at = clock.now();
  const watch = watchOn(tx.alerts.watch(), at);
  tx.alerts.saveWatch(watch);
  const { open, close } = judge(gatherFacts({ stores: tx, runs, clock: { now: () => at }, config }, watch), rules);
  const cleared = close.filter(({ alert, ...end }) => tx.alerts.close(alert.id, { at, ...end }));
  const opened = open.filter((opening) => tx.alerts.open({ at, ...opening }));
  return {
    opened: opened.map(({ dedupeKey }) => dedupeKey),
    cleared: cleared.map(({ alert }) => alert.dedupeKey),
  };
}

/** What the outbox is filled with. */
interface OutboxParts extends Omit<ReportParts, "stores"> {
  readonly messaging: Pick<Messaging, "channels" | "dashboardUrl" | "newMessageId">;
  readonly rules?: readonly AlertRule[];
}

/**
 * Writes what the channels were not told yet: each channel has one draft at most, which news join until it is tried.
 * What is over before anybody was told of it leaves the draft; what was told and recovered is told as over. An alert that
 * somebody acknowledged is told no more. Belongs into one transaction with the alerts.
 */
function fillOutbox(tx: Stores, parts: OutboxParts): void {
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

function newFor({ notifications }: Stores, channel: string): Told[] {
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
  const { clock, config: { spendMetric }, messaging, rules } = parts;
  const messageId = draft?.message.messageId ?? messaging.newMessageId();
  const { dashboardUrl } = messaging;
  return alertMessage(newsOf(told, rules), { messageId, createdAt: clock.now(), standing, spendMetric, dashboardUrl });
}

function write(
  { notifications }: Stores,
  { channel, draft, told, message }: {
    channel: string;
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
