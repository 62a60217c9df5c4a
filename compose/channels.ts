import type { Config } from "../domain/config.ts";
import type { Messaging } from "../domain/notifications.ts";

/** Where alerts are sent. */
export function messagingOf(config: Config): Messaging {
  return {
    // The channels' adapters belong here.
    channels: [],
    dashboardUrl: dashboardUrlOf(config),
    newMessageId: messageIdsOf(config),
    render: ({ messageId, subject, createdAt }) => ({ messageId, subject, createdAt, text: "", html: "", json: null }),
  };
}

/** Where people open the dashboard, as links in messages have it; null where only this machine would find it. */
function dashboardUrlOf({ bind: { hostname, port } }: Config): string | null {
  const isAny = hostname === "0.0.0.0" || hostname === "::";
  const host = isAny ? Deno.hostname() : hostname;
  return URL.parse(`http://${host.includes(":") ? `[${host}]` : host}:${port}/`)?.href ?? null;
}

/** Makes Message-IDs, in the name of the sender's domain. */
function messageIdsOf({ mail: { from } }: Config): () => string {
  const domain = /@([a-z\d.-]+)>?\s*$/i.exec(from ?? "")?.[1] ?? "tracker.invalid";
  return () => `<${crypto.randomUUID()}@${domain}>`;
}
