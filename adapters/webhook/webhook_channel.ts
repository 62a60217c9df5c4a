import type { Secret, WebhookFormat } from "../../domain/config.ts";
import { DeliveryFailed } from "../../domain/delivery_failed.ts";
import type { Channel, RenderedMessage } from "../../domain/notifications.ts";
import type { Clock } from "../../domain/ports.ts";
import { VERSION } from "../../domain/version.ts";
import { firstWords } from "../http/first_words.ts";
import { requestFailure } from "../http/request_failure.ts";
import { type SecretAddress, secretAddress } from "../http/secret_address.ts";
import { refusalOf } from "./refusal.ts";
import { signatureOf } from "./signature.ts";

/** Where and how messages are posted. */
export interface WebhookOptions {
  readonly url: Secret;
  readonly secret: Secret | null;
  readonly format: WebhookFormat;
  readonly clock: Clock;
  readonly timeoutMs: number;
}

/** Posts each message to one address, whose path is a secret. */
export class WebhookChannel implements Channel {
  readonly name = "webhook";
  readonly target: string;
  readonly #options: WebhookOptions;
  readonly #address: SecretAddress;

  constructor(options: WebhookOptions) {
    this.#options = options;
    this.#address = secretAddress(options.url);
    this.target = `${this.#address.origin}/…`;
  }

  /** @inheritdoc */
  async send(message: RenderedMessage, { signal }: { signal: AbortSignal }): Promise<void> {
    const { url, authorization } = this.#address;
    const body = this.#bodyOf(message);
    const headers = new Headers({
      ...this.#headersOf(message, body),
      ...(authorization === null ? {} : { authorization }),
    });
    await this.#request(url, { method: "POST", headers, body, signal }, async (response) => {
      if (response.ok) return await response.body?.cancel();
      throw refusalOf(response, {
        words: await firstWords(response, this.#secrets),
        now: this.#options.clock.now(),
        origin: this.#address.origin,
      });
    });
  }

  /**
   * Asks the host's root, never the secret address: name, network and certificate are proved, and nothing appears in a
   * chat. Whether the path is right is only known by a message.
   */
  async check({ signal }: { signal: AbortSignal }): Promise<void> {
    const headers = new Headers({ "user-agent": `tracker/${VERSION}` });
    await this.#request(`${this.#address.origin}/`, { method: "HEAD", headers, signal }, async (response) => {
      await response.body?.cancel();
    });
  }

  #bodyOf({ chat, json }: RenderedMessage): string {
    // A preview of the link would show nothing: the dashboard is at home.
    return JSON.stringify(this.#options.format === "slack" ? { text: chat, unfurl_links: false } : json);
  }

  #headersOf({ messageId }: RenderedMessage, body: string): Record<string, string> {
    const { clock, secret } = this.#options;
    const id = messageId.replace(/[^\x21-\x7e]|[<>]/g, "");
    const timestamp = Math.floor(clock.now().epochMilliseconds / 1000);
    return {
      "content-type": "application/json; charset=utf-8",
      "user-agent": `tracker/${VERSION}`,
      "idempotency-key": id,
      "webhook-id": id,
      "webhook-timestamp": String(timestamp),
      ...(secret === null ? {} : { "webhook-signature": signatureOf({ id, timestamp, body }, secret.reveal()) }),
    };
  }

  /** One request within its time. Only the caller's abort and DeliveryFailed are thrown. */
  async #request(
    url: string,
    { signal, ...request }: RequestInit & { signal: AbortSignal },
    read: (response: Response) => Promise<void>,
  ): Promise<void> {
    signal.throwIfAborted();
    const late = AbortSignal.timeout(this.#options.timeoutMs);
    try {
      await read(await fetch(url, { ...request, redirect: "manual", signal: AbortSignal.any([signal, late]) }));
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      if (error instanceof DeliveryFailed) throw error;
      const reason = late.aborted ? "it did not answer in time" : requestFailure(error);
      // The cause is left out: it repeats the whole address.
      throw new DeliveryFailed(`Cannot reach the webhook at ${this.#address.origin}: ${reason}`, {
        isPermanent: false,
        hint: "Check the network connection and WEBHOOK_URL.",
      });
    }
  }

  get #secrets(): string[] {
    const { secret } = this.#options;
    return [...this.#address.secrets, ...(secret === null ? [] : [secret.reveal()])];
  }
}
