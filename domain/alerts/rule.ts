import type { Alert, NewAlert } from "./alert.ts";
import type { AlertFacts } from "./facts.ts";

/** An alert that a rule wants open. One whose dedupe key was used before stays as it is. */
export interface Opening extends Omit<NewAlert, "kind" | "at"> {
  /** When its condition came true; the time of the judgement if it is left out. */
  readonly at?: Temporal.Instant;
}

/** An open alert that is over. */
export interface Closing {
  readonly alert: Alert;
  /** Whether things are well again, which people are told; else its time is over, which they are not. */
  readonly isRecovered: boolean;
  /** When it was over; the time of the judgement if it is left out. */
  readonly at?: Temporal.Instant;
}

/** What a rule makes of the facts. */
interface Verdict {
  readonly open: readonly Opening[];
  readonly close: readonly Closing[];
}

/** Nothing begins and nothing ends. */
export const NO_CHANGE: Verdict = { open: [], close: [] };

/** One kind of alert: how it reads, and when it opens and is over. */
export interface AlertRule<Kind extends string = string> {
  /** In the database, the API, metrics and webhooks; it never changes. */
  readonly kind: Kind;
  /** A word or two that stand beside the headline. */
  readonly badge: string;
  /** How grave it is. */
  readonly tone: "warn" | "bad";
  /** What open alerts of this kind say in one line, without a full stop. More than one only if `isOneNews`. */
  opened(alerts: readonly Alert[]): string;
  /** What is said once things are well again. */
  readonly cleared: string;
  /** Whether all that opened by the same time are one piece of news. Default: each is one. */
  readonly isOneNews?: boolean;
  judge(facts: AlertFacts): Verdict;
}

/** The rule's own alerts that are not over. */
export function openAlerts({ open }: AlertFacts, kind: string): Alert[] {
  return open.filter((alert) => alert.kind === kind);
}
