import { type MailSettings, smtpChannel } from "../../../../adapters/channels/email/channel.ts";
import type { MailTimeouts } from "../../../../adapters/channels/email/server.ts";
import { type Channel, DeliveryFailed, type RenderedMessage } from "../../../../domain/alerts/notification.ts";
import { secret } from "../../../../domain/config.ts";
import { CA_FILE, PASSWORD, USER } from "./mail_server.ts";
import assert from "node:assert/strict";

/** A message as the renderer makes them, short. */
export const MESSAGE: RenderedMessage = {
  messageId: "<threshold.2026-11@tracker>",
  subject: "Cursor: $10.00 passed — 12 days left",
  createdAt: "2026-11-21T19:15:00Z",
  text: "Spent: $10.42\n.\nA line with a dot alone stands above.\n",
  html: "<!doctype html>\n<p>Spent: <b>$10.42</b></p>\n",
  chat: "",
  json: null,
};

/** A signal that nobody aborts. */
export const calm = (): AbortSignal => new AbortController().signal;

/** The channel to a test server, with its authority and its user unless told otherwise. */
export function mailChannel(
  server: { readonly port: number },
  { timeouts = {}, ...settings }: Partial<MailSettings> & { timeouts?: Partial<MailTimeouts> } = {},
): Channel {
  const channel = smtpChannel({
    host: "127.0.0.1",
    port: server.port,
    user: USER,
    password: secret(PASSWORD),
    from: "Tracker <tracker@example.test>",
    caFile: CA_FILE,
    to: ["Ada <ada@example.test>"],
    ...settings,
  }, { timeouts });
  return channel ?? assert.fail("the channel is configured");
}

/** The failure of work that fails with one. */
export async function failureOf(work: Promise<void>): Promise<DeliveryFailed> {
  const error = await work.then(() => null, (error: unknown) => error);
  if (error instanceof DeliveryFailed) return error;
  throw new assert.AssertionError({ message: `DeliveryFailed was expected: ${String(error)}` });
}
