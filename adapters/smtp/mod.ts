import type { MailSettings } from "../../domain/config.ts";
import type { Channel } from "../../domain/notifications.ts";
import { SmtpChannel } from "./smtp_channel.ts";
import { MAIL_TIMEOUTS, type MailTimeouts } from "./timeouts.ts";

/** The channel "email" as it is configured; null where no mail is. It opens nothing before it is used. */
export function smtpChannel(
  { host, port, user, password, from, caFile, to }: MailSettings,
  { timeouts = {} }: { timeouts?: Partial<MailTimeouts> } = {},
): Channel | null {
  if (host === null || from === null || to.length === 0) return null;
  return new SmtpChannel({
    host,
    port,
    login: user === null || password === null ? null : { user, password },
    from,
    to,
    caFile,
    timeouts: { ...MAIL_TIMEOUTS, ...timeouts },
  });
}
