import type { Messaging } from "../domain/alerts/notification.ts";
import type { AlertRule } from "../domain/alerts/rule.ts";
import type { Config } from "../domain/config.ts";

/** Where alerts are sent, and how they look there. */
export function messagingOf(config: Config, { rules }: { rules: readonly AlertRule[] }): Messaging {
  const { timeZone, channels } = config;
  return {
    known: channels,
    channels: channels.map((channel) => channel.make()).filter((channel) => channel !== null),
    dashboardUrl: dashboardUrlOf(config),
    newMessageId: messageIdsOf(config),
    async render(message) {
      // Loaded only here: most processes send nothing.
      const { renderMessage } = await import("../ui/messages/render.ts");
      return renderMessage(message, { timeZone, rules });
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

/** Makes Message-IDs, in the name of the domain that messages come from. */
function messageIdsOf({ channels }: Config): () => string {
  const domain = channels.find((channel) => channel.domain !== null)?.domain ?? "tracker.invalid";
  return () => `<${crypto.randomUUID()}@${domain}>`;
}
