import { type Secret, secret } from "../../../domain/config.ts";
import * as field from "../../config/fields.ts";
import { readVariables, type Variables } from "../../config/variable.ts";
import type { ChannelKind } from "../channel_kind.ts";
import { WEBHOOK_FORMATS, webhookChannel, type WebhookSettings } from "./channel.ts";
import { z } from "zod";

/** Any text; one that begins with "whsec_" is base64, as the libraries of Standard Webhooks have it. */
const signingSecret = z.string().transform((text, context): Secret => {
  const encoded = /^whsec_(.*)$/s.exec(text)?.[1];
  const isBase64 = encoded === undefined ||
    /^(?:[A-Za-z\d+/]{4})+(?:[A-Za-z\d+/]{2}==|[A-Za-z\d+/]{3}=)?$/.test(encoded);
  return isBase64
    ? secret(text)
    : field.fail(context, 'must be base64 after "whsec_", or a text that begins with something else');
});

const VARIABLES = {
  WEBHOOK_URL: { parse: field.secretUrl, isSecret: true, about: "Where alerts are posted to: a chat or a program" },
  WEBHOOK_SECRET: { parse: signingSecret, isSecret: true, about: "Signs the body, as Standard Webhooks has it" },
  WEBHOOK_FORMAT: {
    parse: field.oneOf(WEBHOOK_FORMATS),
    unset: "`slack` for hooks.slack.com, else `json`",
    about: "How the body is written: `slack` or `json`",
  },
} as const satisfies Variables;

/** Messages to a chat or a program, by one POST. */
export const webhook: ChannelKind = {
  name: "webhook",
  group: { title: "Alerts to a chat or a program", variables: VARIABLES },
  *contradictions({ has }) {
    for (const name of ["WEBHOOK_SECRET", "WEBHOOK_FORMAT"]) {
      if (has(name) && !has("WEBHOOK_URL")) yield `${name} needs WEBHOOK_URL: without it nothing is posted`;
    }
  },
  setUp(texts) {
    const settings = webhookSettings(texts);
    return {
      name: webhook.name,
      words: {
        title: "Webhook",
        by: "by webhook",
        needs: "WEBHOOK_URL",
        check: { name: "webhook", title: "Webhook", skipped: "WEBHOOK_URL is not set" },
      },
      missing: settings.url === null ? ["WEBHOOK_URL"] : [],
      domain: null,
      make: () => webhookChannel(settings),
    };
  },
};

const SLACK_HOST = /^hooks\.slack(?:-gov)?\.com$/i;

/** The webhook as it is configured; Slack's own addresses get Slack's format. */
export function webhookSettings(texts: Readonly<Record<string, string>>): WebhookSettings {
  const { WEBHOOK_URL, WEBHOOK_SECRET, WEBHOOK_FORMAT } = readVariables(VARIABLES, texts);
  const host = WEBHOOK_URL === undefined ? "" : new URL(WEBHOOK_URL.reveal()).hostname;
  const usual = SLACK_HOST.test(host) ? "slack" : "json";
  return { url: WEBHOOK_URL ?? null, secret: WEBHOOK_SECRET ?? null, format: WEBHOOK_FORMAT ?? usual };
}
