import type { Channel, RenderedMessage } from "../../domain/notifications.ts";
import { parseMailAddress } from "../mail_address.ts";
import { deliveryFailed } from "./failures.ts";
import { mailOf } from "./mail.ts";
import { Recipients } from "./recipients.ts";
import { connectionOptions, type MailServer } from "./server.ts";

/** Mail through one server. nodemailer is loaded when it is first needed. */
export class SmtpChannel implements Channel {
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
