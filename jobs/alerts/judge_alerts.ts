import { type FactParts, gatherFacts } from "../../domain/alerts/facts.ts";
import { judge } from "../../domain/alerts/mod.ts";
import { watchOn } from "../../domain/alerts/watch.ts";
import type { Clock } from "../../domain/ports.ts";
import type { Stores } from "../../domain/stores.ts";

/** What a judgement changed, by dedupe keys. */
export interface Judged {
  readonly opened: string[];
  readonly cleared: string[];
}

/** Opens and clears alerts by what is stored now. Belongs into one transaction with their messages. */
export function judgeAlerts(
  tx: Stores,
  { clock, config }: { clock: Clock; config: FactParts["config"] },
): Judged {
  const at = clock.now();
  const watch = watchOn(tx.alerts.watch(), at);
  tx.alerts.saveWatch(watch);
  const { open, close } = judge(gatherFacts({ stores: tx, clock: { now: () => at }, config }, watch));
  const cleared = close.filter(({ alert, isRecovered }) => tx.alerts.close(alert.id, { at, isRecovered }));
  const opened = open.filter((opening) => tx.alerts.open({ ...opening, at }));
  return {
    opened: opened.map(({ dedupeKey }) => dedupeKey),
    cleared: cleared.map(({ alert }) => alert.dedupeKey),
  };
}
