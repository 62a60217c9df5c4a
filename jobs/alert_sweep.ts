import { ALERT_SWEEP, type SweepResult } from "../domain/alert_sweep.ts";
import type { FactParts } from "../domain/alerts/facts.ts";
import { quietUntil } from "../domain/alerts/quiet_hours.ts";
import type { Log } from "../domain/ports.ts";
import type { Stores } from "../domain/stores.ts";
import { deliver, type DeliveryParts } from "./alerts/deliver.ts";
import { fillOutbox } from "./alerts/fill_outbox.ts";
import { judgeAlerts, type Judged } from "./alerts/judge_alerts.ts";
import type { Job } from "./job.ts";

const MINUTE_MS = 60_000;

/** What a sweep works with. */
export interface AlertSweepParts extends Omit<DeliveryParts, "sending" | "config"> {
  readonly config: DeliveryParts["config"] & FactParts["config"];
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
  if (opened.length > 0) log.info("alerts.opened", { alerts: opened });
  if (cleared.length > 0) log.info("alerts.cleared", { alerts: cleared });
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
