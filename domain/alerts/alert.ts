/** A condition that came true; over when it was cleared. */
export interface Alert {
  readonly id: number;
  /** The kind of the rule that opened it. A later version may have rules that this one does not know. */
  readonly kind: string;
  readonly details: string;
  readonly dedupeKey: string;
  /** The name of the cycle that it belongs to (see domain/alerts/facts.ts); null where it belongs to none. */
  readonly cycle: string | null;
  readonly triggeredAt: Temporal.Instant;
  readonly clearedAt: Temporal.Instant | null;
  /** Whether it ended because things are well again, and not because its time was over. */
  readonly isRecovered: boolean;
  /** When a person took note of it: from then on no message is sent about it. */
  readonly acknowledgedAt: Temporal.Instant | null;
}

/** An alert that is not open yet. */
export interface NewAlert {
  readonly kind: string;
  readonly dedupeKey: string;
  readonly details: string;
  readonly at: Temporal.Instant;
  readonly cycle?: string | null;
}

/** Since when alerts are watched for. */
export interface AlertWatch {
  /** The first sweep ever. */
  readonly since: Temporal.Instant;
  /** The first sweep after the last pause, as when the machine was off. */
  readonly resumedAt: Temporal.Instant;
  readonly lastSweepAt: Temporal.Instant;
}

/** Alerts; a dedupe key is used once, whatever restarts or concurrent sweeps do. */
export interface AlertStore {
  /** Opens the alert; answers false where one with this key exists already. */
  open(alert: NewAlert): boolean;
  /** Clears one alert; answers false where it is not open. */
  close(id: number, end: { at: Temporal.Instant; isRecovered: boolean }): boolean;
  /** Notes that a person knows; the first time counts. Answers the alert, null where there is none with this id. */
  ack(id: number, at: Temporal.Instant): Alert | null;
  find(id: number): Alert | null;
  /** Alerts that are not over, newest first. */
  listOpen(kind?: string): Alert[];
  /** All alerts, newest first. */
  list(limit: number): Alert[];
  /** The alerts of a cycle, oldest first. */
  ofCycle(cycle: string): Alert[];
  /** The names of cycles that have alerts, in order of their first one. */
  cycles(): string[];
  /** Null before the first sweep. */
  watch(): AlertWatch | null;
  saveWatch(watch: AlertWatch): void;
}

/** A sweep comes every 15 minutes, or after an hourly scrape; what is longer than this is a pause. */
const PAUSE_MINUTES = 130;

/** The watch with this sweep. A clock that was set back counts as a pause too. */
export function watchOn(watch: AlertWatch | null, now: Temporal.Instant): AlertWatch {
  if (watch === null) return { since: now, resumedAt: now, lastSweepAt: now };
  const minutes = watch.lastSweepAt.until(now).total("minutes");
  const isPause = minutes < 0 || minutes > PAUSE_MINUTES;
  return { since: watch.since, resumedAt: isPause ? now : watch.resumedAt, lastSweepAt: now };
}
