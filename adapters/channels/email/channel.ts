import type { Channel, RenderedMessage } from "../../../domain/alerts/notification.ts";
import type { Secret } from "../../../domain/config.ts";
import { parseMailAddress } from "./address.ts";
import { deliveryFailed } from "./failures.ts";
import { mailOf, Recipients } from "./mail.ts";
import { connectionOptions, MAIL_TIMEOUTS, type MailServer, type MailTimeouts } from "./server.ts";

/** How mail is sent; none is sent if `host` is null. */
export interface MailSettings {
  readonly host: string | null;
  readonly port: number;
  readonly user: string | null;
  readonly password: Secret | null;
  /** Set if `host` is. */
  readonly from: string | null;
  /** A PEM file of certificates that are trusted beside the system's. */
  readonly caFile: string | null;
  /** Not empty if `host` is set. */
  readonly to: readonly string[];
}

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

/** Mail through one server. nodemailer is loaded when it is first needed. */
class SmtpChannel implements Channel {
  readonly name = "email";
  readonly target: string;
  readonly #server: MailServer;
  readonly #recipients: Recipients;

  constructor(server: MailServer) {
    const { host, port, to } = server;
    this.#server = server;
    this.#recipients = new Recipients(to.map((one) => parseMailAddress(one)?.address ?? one));
    this.target = `${this.#recipients.all.join(", ")} via ${host.includes(":") ? `[${host}]` : host}:${port}`;
  }

  /** @inheritdoc */
  async send(message: RenderedMessage, { signal }: { signal: AbortSignal }): Promise<void> {
    await this.#within(signal, async (limit) => {
      const { default: nodemailer } = await import("nodemailer");
      const transport = nodemailer.createTransport({
        ...connectionOptions(this.#server),
        ...(this.#login === null ? {} : { auth: this.#login, forceAuth: true }),
        disableFileAccess: true,
        disableUrlAccess: true,
      });
      const to = this.#recipients.waiting(message.messageId);
      const { accepted, rejectedErrors } = await transport.sendMail({
        ...mailOf(message, this.#server, to),
        signal: limit,
      });
      this.#recipients.settle(message.messageId, { accepted, refusals: rejectedErrors ?? [] });
    });
  }

  /** Connects, encrypts and logs in, and sends nothing. */
  async check({ signal }: { signal: AbortSignal }): Promise<void> {
    await this.#within(signal, async (limit) => {
      const { checkLogin } = await import("./check_login.ts");
      await checkLogin(connectionOptions(this.#server), { login: this.#login, signal: limit });
    });
  }

  get #login(): { user: string; pass: string } | null {
    const { login } = this.#server;
    return login === null ? null : { user: login.user, pass: login.password.reveal() };
  }

  /** Ends what takes too long, and puts every failure but the caller's abort into words. */
  async #within(signal: AbortSignal, work: (limit: AbortSignal) => Promise<void>): Promise<void> {
    signal.throwIfAborted();
    const late = AbortSignal.timeout(this.#server.timeouts.totalMs);
    try {
      await work(AbortSignal.any([signal, late]));
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      throw deliveryFailed(error, { server: this.#server, isLate: late.aborted });
    }
  }
}
