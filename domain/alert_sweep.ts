/** Name of the job that judges and tells alerts, as runs, schedules and logs have it. */
export const ALERT_SWEEP = "alert-sweep";

/** What a sweep came to; `alerts sweep --json` prints it. */
export type SweepResult = {
  /** Dedupe keys of the alerts that it opened. */
  opened: string[];
  /** Dedupe keys of the alerts that it found over. */
  cleared: string[];
  delivered: number;
  /** Messages that were refused for now. */
  deferred: number;
  /** Messages that were refused for good, or for three days. */
  given_up: number;
  /** Messages that wait in the outbox afterwards. */
  waiting: number;
  /** When the quiet hours that it found end: ISO 8601, UTC. */
  quiet_until: string | null;
  /** When the first of the messages that failed is tried again: ISO 8601, UTC. */
  next_attempt_at: string | null;
};
