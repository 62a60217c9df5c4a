import { CHANNELS, type Notification } from "../../../domain/notifications.ts";
import { ALERT_KINDS } from "../../../domain/stores.ts";
import type { WebServices } from "../app.tsx";
import { type Sample, sample } from "./names.ts";

const STATES = ["pending", "retrying", "delivered", "given_up"] as const;
const NEWEST = 1_000;

/** Open alerts by kind, and messages by channel and state. */
export function alertMetrics({ stores }: WebServices): Sample[] {
  const open = Map.groupBy(stores.alerts.listOpen(), ({ kind }) => kind);
  const sent = Map.groupBy(stores.notifications.list(NEWEST), (one) => `${one.channel} ${stateOf(one)}`);
  return [
    ...ALERT_KINDS.flatMap((kind) => sample("tracker_alerts_open", open.get(kind)?.length ?? 0, { kind })),
    ...CHANNELS.flatMap((channel) =>
      STATES.flatMap((state) =>
        sample("tracker_notifications", sent.get(`${channel} ${state}`)?.length ?? 0, { channel, state })
      )
    ),
  ];
}

function stateOf({ deliveredAt, givenUpAt, attempts }: Notification): typeof STATES[number] {
  if (deliveredAt !== null) return "delivered";
  if (givenUpAt !== null) return "given_up";
  return attempts > 0 ? "retrying" : "pending";
}
