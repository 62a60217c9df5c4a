import type { Alert } from "../../../domain/alerts/alert.ts";
import { ALERT_SWEEP } from "../../../domain/alerts/delivery.ts";
import { headlineOf } from "../../../domain/alerts/news.ts";
import type { Channel, Messaging } from "../../../domain/alerts/notification.ts";
import { TrackerError } from "../../../domain/errors.ts";
import { isJsonObject, type Json } from "../../../domain/json.ts";
import { manualKey } from "../../../domain/runs/run.ts";
import { acknowledge } from "../../../jobs/actions/acknowledge.ts";
import { type ChannelTest, testChannel } from "../../../jobs/actions/test_channel.ts";
import { alertAnswers, deliveryState } from "../../api/alerts.ts";
import type { Services } from "../../services.ts";
import { formatMoment } from "../../words/format.ts";
import { positiveInteger } from "../arguments.ts";
import type { CliContext } from "../context.ts";
import { type CommonOptions, formatTable, outputOf, withProgress, writeJson } from "../output.ts";
import type { Command } from "commander";

interface ListOptions extends CommonOptions {
  readonly open?: boolean;
  readonly limit: number;
}

/** `tracker alerts list|sweep|test|ack`. */
export function alertsCommand(program: Command, context: CliContext): void {
  const alerts = program.command("alerts").description("list, send, test and acknowledge alerts");
  alerts.command("list").description("list alerts, newest first, with what became of their messages")
    .option("--open", "only alerts that are not over")
    .option("--limit <n>", "how many at most", positiveInteger, 20)
    .option("--json", "print the alerts as JSON")
    .action((options: ListOptions) => list(context, options));
  alerts.command("sweep").description("look for alerts now, and send what is due")
    .option("--json", "print the result as JSON")
    .action((options: CommonOptions) => sweep(context, options));
  alerts.command("test").description("check the channels and send a test message by each")
    .option("--channel <name>", `only this one: ${context.channelNames.join(", ")}`)
    .option("--json", "print the result as JSON")
    .action((options: CommonOptions & { channel?: string }) => test(context, options));
  alerts.command("ack").description("acknowledge an alert: no further message is sent about it")
    .argument("<id>", "the alert's number", positiveInteger)
    .option("--json", "print the alert as JSON")
    .action((id: number, options: CommonOptions) => ack(context, { id, ...options }));
}

async function list(context: CliContext, { open = false, limit, json = false }: ListOptions): Promise<void> {
  await context.withServices({ echo: "warn" }, (services) => {
    const { alerts } = services.stores;
    const found = open ? alerts.listOpen().slice(0, limit) : alerts.list(limit);
    if (json) {
      writeJson(context.terminal, { alerts: found.map((one) => withMessages(one, services)) });
    } else context.terminal.write(found.length === 0 ? "No alerts.\n" : alertTable(found, services));
    return Promise.resolve();
  });
}

async function sweep(context: CliContext, { json = false }: CommonOptions): Promise<void> {
  const { terminal } = context;
  await context.withServices({ echo: null }, async ({ runs, clock }) => {
    const key = manualKey(clock.now());
    const doing = { doing: "Looking for alerts", done: () => "Looked for alerts" };
    const result = outputOf(await withProgress(terminal, doing, () => runs.run(ALERT_SWEEP, key, null)));
    if (json) writeJson(terminal, result);
    else terminal.write(sweepText(result));
  });
}

/** Checks each channel and sends a test message by it, at once. */
async function test(
  context: CliContext,
  { channel: name, json = false }: CommonOptions & { channel?: string },
): Promise<void> {
  const { terminal, interrupted } = context;
  await context.withServices({ echo: null }, async (services) => {
    const chosen = choose(services.messaging, name);
    const results: ChannelTest[] = [];
    for (const channel of chosen) {
      terminal.writeError(`Testing ${channel.name}: ${channel.target}…\n`);
      const result = await testChannel(channel, { ...services, signal: interrupted });
      results.push(result);
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

function choose({ channels, known }: Messaging, name: string | undefined): readonly Channel[] {
  const names = known.map((channel) => channel.name);
  if (name !== undefined && !names.includes(name)) {
    const rule = `it must be one of ${names.join(", ")}`;
    throw new TrackerError(`Cannot test the channel as ${rule}: current value is "${name}"`, { exitCode: 2 });
  }
  const chosen = channels.filter((channel) => name === undefined || channel.name === name);
  if (chosen.length > 0) return chosen;
  const what = name === undefined ? "no channel is configured" : `the channel ${name} is not configured`;
  throw new TrackerError(`Cannot send a test message as ${what}`, {
    hint: `Set ${known.map(({ words }) => words.needs).join(", or ")}; README tells how.`,
    exitCode: 2,
  });
}

async function ack(context: CliContext, { id, json = false }: CommonOptions & { id: number }): Promise<void> {
  await context.withServices({ echo: "warn" }, (services) => {
    const alert = acknowledge(services, id);
    if (alert === null) {
      throw new TrackerError(`There is no alert ${id}`, { hint: "See 'tracker alerts list'.", exitCode: 2 });
    }
    if (json) writeJson(context.terminal, withMessages(alert, services));
    else context.terminal.write(`Alert ${id} is acknowledged: no further message is sent about it.\n`);
    return Promise.resolve();
  });
}

function withMessages(one: Alert, services: Services): Json {
  const { alert, notification } = alertAnswers(services);
  const messages = services.stores.notifications.ofAlert(one.id);
  return { ...alert.json(one), notifications: messages.map(notification.json) };
}

function alertTable(alerts: readonly Alert[], { stores, config, alertRules }: Services): string {
  const moment = (at: Temporal.Instant) => formatMoment(at, config.timeZone);
  const rows = alerts.map((alert) => {
    const { id, kind, triggeredAt } = alert;
    const sent = stores.notifications.ofAlert(id).map((one) =>
      `${one.channel} ${deliveryState(one).replace("_", " ")}`
    );
    const what = headlineOf(alert, alertRules);
    return [String(id), kind, moment(triggeredAt), stateOf(alert), what, [...new Set(sent)].join(", ")];
  });
  return formatTable(["id", "kind", "since", "state", "what", "messages"], rows, { right: [0] });
}

function stateOf({ clearedAt, isRecovered, acknowledgedAt }: Alert): string {
  if (clearedAt !== null) return isRecovered ? "recovered" : "over";
  return acknowledgedAt === null ? "open" : "acknowledged";
}

function sweepText(result: Json): string {
  const fields = isJsonObject(result) ? result : {};
  const count = (key: string) => Array.isArray(fields[key]) ? fields[key].length : Number(fields[key] ?? 0);
  const quiet = typeof fields["quiet_until"] === "string" ? ` Quiet hours until ${fields["quiet_until"]}.` : "";
  return `${count("opened")} alerts opened, ${count("cleared")} over. Messages: ${count("delivered")} delivered, ` +
    `${count("deferred")} deferred, ${count("given_up")} given up, ${count("waiting")} waiting.${quiet}\n`;
}
