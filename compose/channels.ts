import { smtpChannel } from "../adapters/channels/email/channel.ts";
import { webhookChannel } from "../adapters/channels/webhook/channel.ts";
import type { Messaging } from "../domain/alerts/notification.ts";
import type { Config } from "../domain/config.ts";

/** Where alerts are sent, and how they look there. A new channel is one folder and one line here. */
export function messagingOf(config: Config): Messaging {
  const { timeZone } = config;
  return {
    channels: [smtpChannel(config.mail), webhookChannel(config.webhook)].filter((channel) => channel !== null),
    dashboardUrl: dashboardUrlOf(config),
    newMessageId: messageIdsOf(config),
    async render(message) {
      // Loaded only here: most processes send nothing.
      const { renderMessage } = await import("../ui/messages/render.ts");
      return renderMessage(message, { timeZone });
    },
  };
}

/** DASHBOARD_URL; else what BIND says, by this machine's name where it listens on every address. */
function dashboardUrlOf({ dashboard: { url }, bind: { hostname, port } }: Config): string | null {
  if (url !== null) return url.href;
  if (port === 0) return null;
  const isAny = hostname === "0.0.0.0" || hostname === "::";
  const host = isAny ? Deno.hostname() : hostname;
  return URL.parse(`http://${host.includes(":") ? `[${host}]` : host}:${port}/`)?.href ?? null;
}

/** Makes Message-IDs, in the name of the sender's domain. */
function messageIdsOf({ mail: { from } }: Config): () => string {
  const domain = /@([a-z\d.-]+)>?\s*$/i.exec(from ?? "")?.[1] ?? "tracker.invalid";
  return () => `<${crypto.randomUUID()}@${domain}>`;
}
