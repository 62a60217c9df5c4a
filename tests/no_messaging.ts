import type { Messaging } from "../domain/alerts/notification.ts";
import type { Config } from "../domain/config.ts";

/** No channel that sends, and nothing that is sent. */
export function noMessaging({ channels }: Pick<Config, "channels">): Messaging {
  return {
    known: channels,
    channels: [],
    dashboardUrl: null,
    newMessageId: () => "<test@tracker.invalid>",
    render: () => Promise.reject(new Error("nothing is sent here")),
  };
}
