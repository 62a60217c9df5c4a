import { DeliveryFailed, type RenderedMessage } from "../../../domain/alerts/notification.ts";
import { parseMailAddress } from "./address.ts";
import { isPermanentReply, type SmtpRefusal, wordsOf } from "./failures.ts";
import type { MailServer } from "./server.ts";
import type { SendMailOptions } from "nodemailer";

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

/** How many half delivered messages are remembered; a person has but a few open at a time. */
const MAX_REMEMBERED = 200;

/**
 * Who has got which message already. Where a server takes a message for some recipients only, a further try goes to the
 * others alone. It is remembered in memory: after a restart everybody gets the further try, with the same Message-ID.
 */
export class Recipients {
  readonly all: readonly string[];
  readonly #reached = new Map<string, Set<string>>();

  constructor(all: readonly string[]) {
    this.all = [...new Map(all.map((address) => [spelledAlike(address), address])).values()];
  }

  /** Who has not got the message yet. */
  waiting(messageId: string): readonly string[] {
    const reached = this.#reached.get(messageId);
    return reached === undefined ? this.all : this.all.filter((one) => !reached.has(spelledAlike(one)));
  }

  /**
   * Notes what a server that took the message said for each recipient. @throws DeliveryFailed where some were refused:
   * not permanent where one of them was only put off.
   */
  settle(
    messageId: string,
    { accepted, refusals }: { accepted: readonly string[]; refusals: readonly SmtpRefusal[] },
  ): void {
    if (refusals.length === 0) {
      this.#reached.delete(messageId);
      return;
    }
    const reached = new Set([...this.#reached.get(messageId) ?? [], ...accepted.map(spelledAlike)]);
    const isPermanent = refusals.every(isPermanentReply);
    if (isPermanent) this.#reached.delete(messageId);
    else this.#remember(messageId, reached);
    const who = refusals.map((refusal) => `${refusal.recipient ?? "a recipient"}: ${wordsOf(refusal)}`).join("; ");
    throw new DeliveryFailed(`The mail server took the message for ${[...reached].join(", ")}, but refused ${who}`, {
      isPermanent,
      hint: isPermanent
        ? "Correct the refused addresses in ALERT_TO; the others have the message."
        : "The refused recipients are tried again; the others have the message.",
    });
  }

  #remember(messageId: string, reached: Set<string>): void {
    this.#reached.delete(messageId);
    this.#reached.set(messageId, reached);
    const [oldest] = this.#reached.keys();
    if (this.#reached.size > MAX_REMEMBERED && oldest !== undefined) this.#reached.delete(oldest);
  }
}

/** The address with its domain as it goes over the wire: the library answers with that spelling. */
function spelledAlike(address: string): string {
  const at = address.lastIndexOf("@");
  const domain = URL.parse(`http://${address.slice(at + 1)}`)?.hostname ?? address.slice(at + 1);
  return `${address.slice(0, at)}@${domain.toLowerCase()}`;
}
