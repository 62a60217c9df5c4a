import type { MailSettings, WebhookFormat, WebhookSettings } from "../../domain/config.ts";
import { parseMailAddress } from "../mail_address.ts";
import type { Variables } from "./variables.ts";

const GMAIL_USER = /@(?:gmail|googlemail)\.com$/i;
const SLACK_HOST = /^hooks\.slack(?:-gov)?\.com$/i;

/** Mail as it is configured, with what follows from it: Gmail's server for its users, and the user's own address as sender. */
export function mailSettings(values: Variables, caFile: string | null): MailSettings {
  const user = values.SMTP_USER ?? null;
  const host = mailHost(values);
  return {
    host,
    port: values.SMTP_PORT,
    user,
    password: values.SMTP_PASS ?? null,
    from: values.SMTP_FROM ?? (host === null ? null : user),
    caFile,
    to: values.ALERT_TO,
  };
}

/** SMTP_HOST; where it is not set, Gmail's server for a user of Gmail. */
export function mailHost(
  { SMTP_HOST, SMTP_USER = "" }: { SMTP_HOST?: string | undefined; SMTP_USER?: string | undefined },
): string | null {
  return SMTP_HOST ?? (GMAIL_USER.test(SMTP_USER) ? "smtp.gmail.com" : null);
}

/** Whether the user's name is an address that mail can be sent from. */
export function canSendFrom(user: string | undefined): boolean {
  return user !== undefined && parseMailAddress(user) !== null;
}

/** The webhook as it is configured; Slack's own addresses get Slack's format. */
export function webhookSettings({ WEBHOOK_URL, WEBHOOK_SECRET, WEBHOOK_FORMAT }: Variables): WebhookSettings {
  const host = WEBHOOK_URL === undefined ? "" : new URL(WEBHOOK_URL.reveal()).hostname;
  const usual: WebhookFormat = SLACK_HOST.test(host) ? "slack" : "json";
  return { url: WEBHOOK_URL ?? null, secret: WEBHOOK_SECRET ?? null, format: WEBHOOK_FORMAT ?? usual };
}
