import type { Alert } from "../../domain/stores.ts";
import type { WebServices } from "./app.tsx";
import { HttpProblem } from "./problem.ts";

/** Notes that a person knows of the alert; once more changes nothing. @throws HttpProblem 404 where there is none. */
export function acknowledgeAlert({ stores, clock, log }: WebServices, id: number): Alert {
  const alert = stores.alerts.ack(id, clock.now());
  if (alert === null) {
    const hint = "See /api/alerts for the alerts that are known.";
    throw new HttpProblem({ status: 404, title: "Not found", detail: `There is no alert ${id}.`, hint });
  }
  log.info("alert.acknowledged", { alert_id: id, kind: alert.kind });
  return alert;
}
