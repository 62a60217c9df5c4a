import type { Messaging } from "../domain/alerts/notification.ts";

/** No channel, and nothing that is sent. */
export const NO_MESSAGING: Messaging = {
  channels: [],
  dashboardUrl: null,
  newMessageId: () => "<test@tracker.invalid>",
  render: () => Promise.reject(new Error("nothing is sent here")),
};
