import type { WebhookSettings } from "../../domain/config.ts";
import type { Channel } from "../../domain/notifications.ts";
import type { Clock } from "../../domain/ports.ts";
import { systemClock } from "../clock.ts";
import { WebhookChannel } from "./webhook_channel.ts";

const DEFAULT_TIMEOUT_MS = 15_000;

/** The channel "webhook" as it is configured; null where none is. It opens nothing before it is used. */
export function webhookChannel(
  { url, secret, format }: WebhookSettings,
  { clock = systemClock, timeoutMs = DEFAULT_TIMEOUT_MS }: { clock?: Clock; timeoutMs?: number } = {},
): Channel | null {
  return url === null ? null : new WebhookChannel({ url, secret, format, clock, timeoutMs });
}
