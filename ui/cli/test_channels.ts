import { alertMessage } from "../../domain/alerts/news.ts";
import {
  type Channel,
  type ChannelName,
  CHANNELS,
  type Message,
  type Messaging,
} from "../../domain/alerts/notification.ts";
import { messageOf as errorText, TrackerError } from "../../domain/errors.ts";
import { Reports } from "../../domain/report/reports.ts";
import type { Services } from "../services.ts";
import type { CliContext } from "./context.ts";
import { type CommonOptions, writeJson } from "./output.ts";

const CHECK_TIMEOUT_MS = 60_000;

/** How a channel's test ended. */
type ChannelTest = {
  channel: ChannelName;
  target: string;
  ok: boolean;
  error: string | null;
  hint: string | null;
};

/** `tracker alerts test`: checks each channel and sends a test message by it, at once. */
export async function testChannels(
  context: CliContext,
  { channel: name, json = false }: CommonOptions & { channel?: string },
): Promise<void> {
  const { terminal, interrupted } = context;
  await context.withServices({ echo: null }, async (services) => {
    const chosen = choose(services.messaging, name);
    const results: ChannelTest[] = [];
    for (const channel of chosen) {
      terminal.writeError(`Testing ${channel.name}: ${channel.target}…\n`);
      const result = await testOne(channel, { services, interrupted });
      results.push(result);
      services.log.info("alerts.tested", { channel: channel.name, ok: result.ok, error: result.error });
      if (!json) {
        terminal.write(result.ok ? `${channel.name}: sent to ${channel.target}\n` : `${channel.name}: failed\n`);
      }
      if (result.error !== null) terminal.writeError(`Error: ${result.error}\n`);
      if (result.hint !== null) terminal.writeError(`Try:   ${result.hint}\n`);
    }
    if (json) writeJson(terminal, { channels: results });
    context.exitWith(results.every(({ ok }) => ok) ? 0 : 1);
  });
}

function choose({ channels }: Messaging, name: string | undefined): readonly Channel[] {
  const known = CHANNELS.find((one) => one === name);
  if (name !== undefined && known === undefined) {
    const rule = `it must be one of ${CHANNELS.join(", ")}`;
    throw new TrackerError(`Cannot test the channel as ${rule}: current value is "${name}"`, { exitCode: 2 });
  }
  const chosen = channels.filter((channel) => known === undefined || channel.name === known);
  if (chosen.length > 0) return chosen;
  const what = known === undefined ? "no channel is configured" : `the channel ${known} is not configured`;
  throw new TrackerError(`Cannot send a test message as ${what}`, {
    hint: "Set SMTP_USER, SMTP_PASS and ALERT_TO for mail, or WEBHOOK_URL; README tells how.",
    exitCode: 2,
  });
}

async function testOne(
  channel: Channel,
  { services, interrupted }: { services: Services; interrupted: AbortSignal },
): Promise<ChannelTest> {
  const about = { channel: channel.name, target: channel.target };
  const signal = AbortSignal.any([interrupted, AbortSignal.timeout(CHECK_TIMEOUT_MS)]);
  try {
    await channel.check({ signal });
    await channel.send(await services.messaging.render(testMessage(services)), { signal });
    return { ...about, ok: true, error: null, hint: null };
  } catch (error) {
    const hint = error instanceof TrackerError ? error.hint : null;
    return { ...about, ok: false, error: errorText(error), hint };
  }
}

/** A message with the figures of now, so that it shows how an alert is going to look. */
function testMessage({ stores, clock, config, messaging: { newMessageId, dashboardUrl } }: Services): Message {
  const createdAt = clock.now();
  const standing = new Reports({ stores, clock, config }).standing();
  const message = alertMessage([], {
    messageId: newMessageId(),
    createdAt,
    standing,
    spendMetric: config.spendMetric,
    dashboardUrl,
  });
  return { ...message, purpose: "test", subject: "Test message: alerts will look like this" };
}
