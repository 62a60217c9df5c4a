import type { Alert, AlertKind, NewAlert } from "./alert.ts";
import type { AlertFacts } from "./facts.ts";

/** An alert that a rule wants open. One whose dedupe key was used before stays as it is. */
export type Opening = Omit<NewAlert, "kind" | "at">;

/** An open alert that is over. */
export interface Closing {
  readonly alert: Alert;
  /** Whether things are well again, which people are told; else its time is over, which they are not. */
  readonly isRecovered: boolean;
}

/** What a rule makes of the facts. */
interface Verdict {
  readonly open: readonly Opening[];
  readonly close: readonly Closing[];
}

/** Nothing begins and nothing ends. */
export const NO_CHANGE: Verdict = { open: [], close: [] };

/** One kind of alert: facts in, what opens and what is over out. */
export interface AlertRule {
  readonly kind: AlertKind;
  judge(facts: AlertFacts): Verdict;
}

/** The rule's own alerts that are not over. */
export function openAlerts({ open }: AlertFacts, kind: AlertKind): Alert[] {
  return open.filter((alert) => alert.kind === kind);
}
