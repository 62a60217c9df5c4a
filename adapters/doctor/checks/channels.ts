import { fail, type Finding, ok, skipped } from "../../../domain/doctor.ts";
import { DeliveryFailed } from "../../../domain/delivery_failed.ts";
import type { Channel } from "../../../domain/notifications.ts";
import type { Check, CheckContext } from "../check.ts";

const LIMIT_MS = 30_000;

/** The mail server: reached, trusted, and logged in to. Nothing is sent. */
export const smtp: Check = {
  name: "smtp",
  title: "Mail server",
  limitMs: () => LIMIT_MS,
  async run({ config: { mail }, signal }: CheckContext) {
    // The library is loaded only where there is mail to be sent.
    const channel = mail.host === null ? null : (await import("../../smtp/mod.ts")).smtpChannel(mail);
    if (channel === null) return skipped("no mail is configured; alerts are on the dashboard alone");
    return await tried(channel, signal);
  },
};

/** The webhook: whether its host can be reached. Nothing is posted. */
export const webhook: Check = {
  name: "webhook",
  title: "Webhook",
  limitMs: () => LIMIT_MS,
  async run({ config: { webhook: settings }, signal }: CheckContext) {
    const channel = settings.url === null ? null : (await import("../../webhook/mod.ts")).webhookChannel(settings);
    if (channel === null) return skipped("WEBHOOK_URL is not set");
    return await tried(channel, signal);
  },
};

async function tried(channel: Channel, signal: AbortSignal): Promise<Finding> {
  try {
    await channel.check({ signal });
    return ok(channel.target);
  } catch (error) {
    if (!(error instanceof DeliveryFailed)) throw error;
    const mend = error.hint?.replace(/\.$/, "") ?? null;
    return fail(channel.target, { why: `${error.message.replace(/\.$/, "")}.`, mend });
  }
}
