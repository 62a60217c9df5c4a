import type { Alert } from "../../domain/alerts/alert.ts";
import type { Clock } from "../../domain/clock.ts";
import type { Log } from "../../domain/log.ts";
import type { Stores } from "../../domain/stores.ts";

/** What acknowledging works with. */
interface AcknowledgeParts {
  readonly stores: Pick<Stores, "alerts">;
  readonly clock: Clock;
  readonly log: Log;
}

/** Notes that a person knows of the alert; once more changes nothing. Null if there is no alert with this id. */
export function acknowledge({ stores, clock, log }: AcknowledgeParts, id: number): Alert | null {
  const alert = stores.alerts.ack(id, clock.now());
  if (alert !== null) log.info("alert.acknowledged", { alert_id: id, kind: alert.kind });
  return alert;
}
