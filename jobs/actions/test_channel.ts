import { alertMessage } from "../../domain/alerts/news.ts";
import type { Channel, Message, Messaging } from "../../domain/alerts/notification.ts";
import { messageOf as errorText, TrackerError } from "../../domain/errors.ts";
import type { Log } from "../../domain/log.ts";
import type { ReportParts } from "../../domain/report/days.ts";
import { Reports } from "../../domain/report/reports.ts";

const TIMEOUT_MS = 60_000;

/** What a test works with. */
interface TestParts extends ReportParts {
  readonly messaging: Pick<Messaging, "render" | "newMessageId" | "dashboardUrl">;
  readonly log: Log;
}

/** How a channel's test ended. */
export type ChannelTest = {
  channel: string;
  target: string;
  ok: boolean;
  error: string | null;
  hint: string | null;
};

/** Checks the channel, then sends a test message by it, at once. What goes wrong is the answer; nothing is thrown. */
export async function testChannel(
  channel: Channel,
  { signal, ...parts }: TestParts & { signal: AbortSignal },
): Promise<ChannelTest> {
  const about = { channel: channel.name, target: channel.target };
  const result = await tried(channel, { parts, signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]) });
  parts.log.info("channel.tested", { channel: channel.name, ok: result.ok, error: result.error });
  return { ...about, ...result };
}

async function tried(
  channel: Channel,
  { parts, signal }: { parts: TestParts; signal: AbortSignal },
): Promise<Pick<ChannelTest, "ok" | "error" | "hint">> {
  try {
    await channel.check({ signal });
    await channel.send(await parts.messaging.render(testMessage(parts)), { signal });
    return { ok: true, error: null, hint: null };
  } catch (error) {
    return { ok: false, error: errorText(error), hint: error instanceof TrackerError ? error.hint : null };
  }
}

/** A message with the figures of now, so that it shows how an alert is going to look. */
function testMessage({ stores, clock, config, messaging: { newMessageId, dashboardUrl } }: TestParts): Message {
  const message = alertMessage([], {
    messageId: newMessageId(),
    createdAt: clock.now(),
    standing: new Reports({ stores, clock, config }).standing(),
    spendMetric: config.spendMetric,
    dashboardUrl,
  });
  return { ...message, purpose: "test", subject: "Test message: alerts will look like this" };
}
