import type { SendMailOptions } from "nodemailer";
import type { RenderedMessage } from "../../domain/notifications.ts";
import { parseMailAddress } from "../mail_address.ts";
import type { MailServer } from "./server.ts";

/** The message as a mail. All recipients stand in its header; `envelopeTo` are those that it goes to by this try. */
export function mailOf(
  { messageId, subject, createdAt, text, html }: RenderedMessage,
  { from, to }: Pick<MailServer, "from" | "to">,
  envelopeTo: readonly string[],
): SendMailOptions {
  return {
    messageId: oneLine(messageId),
    from: mailbox(from),
    to: to.map(mailbox),
    envelope: { from: mailbox(from).address, to: [...envelopeTo] },
    subject: oneLine(subject),
    date: new Date(Temporal.Instant.from(createdAt).epochMilliseconds),
    text,
    html,
    xMailer: false,
    // So that no out-of-office answer comes back, and no list takes it for a person's mail.
    headers: { "Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All" },
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

function mailbox(text: string): { name: string; address: string } {
  const { name, address } = parseMailAddress(text) ?? { name: "", address: text };
  return { name: oneLine(name), address };
}

/** Without line breaks and other control characters: a value ends where its header ends. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, " ").trim();
}
