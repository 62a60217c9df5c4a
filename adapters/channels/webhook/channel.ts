import { type Channel, DeliveryFailed, type RenderedMessage } from "../../../domain/alerts/notification.ts";
import type { Clock } from "../../../domain/clock.ts";
import type { Secret } from "../../../domain/config.ts";
import { VERSION } from "../../../domain/version.ts";
import { systemClock } from "../../system/clock.ts";
import { firstWords, requestFailure, retryAfterMs, type SecretAddress, secretAddress } from "../../system/http.ts";
import { createHmac } from "node:crypto";

const DEFAULT_TIMEOUT_MS = 15_000;

/** How a body is written: as Slack's incoming webhooks want it, or as documented JSON. */
export const WEBHOOK_FORMATS = ["slack", "json"] as const;
type WebhookFormat = typeof WEBHOOK_FORMATS[number];

/** Where messages are posted; nowhere if `url` is null. */
export interface WebhookSettings {
  readonly url: Secret | null;
  /** Signs the body. */
  readonly secret: Secret | null;
  readonly format: WebhookFormat;
}

/** The channel "webhook" as it is configured; null where none is. It opens nothing before it is used. */
export function webhookChannel(
  { url, secret, format }: WebhookSettings,
  { clock = systemClock, timeoutMs = DEFAULT_TIMEOUT_MS }: { clock?: Clock; timeoutMs?: number } = {},
): Channel | null {
  return url === null ? null : new WebhookChannel({ url, secret, format, clock, timeoutMs });
}

/** Where and how messages are posted. */
interface WebhookOptions {
  readonly url: Secret;
  readonly secret: Secret | null;
  readonly format: WebhookFormat;
  readonly clock: Clock;
  readonly timeoutMs: number;
}

/** Posts each message to one address, whose path is a secret. */
class WebhookChannel implements Channel {
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

/** The outbox itself never waits longer. */
const MAX_WAIT_MS = 6 * 60 * 60_000;

/** An answer other than yes, as a failure: passing states are tried again, all else but a redirect is final. */
function refusalOf(
  { status, headers }: Response,
  { words, now, origin }: { words: string; now: Temporal.Instant; origin: string },
): DeliveryFailed {
  if (status >= 300 && status < 400) {
    return new DeliveryFailed(`The webhook at ${origin} redirects (status ${status}), which is not followed`, {
      isPermanent: false,
      hint: "Set WEBHOOK_URL to the address that it redirects to; it is tried again until then.",
    });
  }
  const isPermanent = status >= 400 && status < 500 && ![408, 425, 429].includes(status);
  return new DeliveryFailed(
    `The webhook at ${origin} ${isPermanent ? "refused the message" : "put off the message"} with status ${status}` +
      (words === "" ? "" : `: ${words}`),
    {
      isPermanent,
      retryAfterMs: isPermanent ? null : retryAfterMs(headers.get("retry-after"), now, { maxMs: MAX_WAIT_MS }),
      hint: hintOf(status, isPermanent),
    },
  );
}

function hintOf(status: number, isPermanent: boolean): string {
  if (!isPermanent) return "It is tried again.";
  if (status === 400 || status === 415 || status === 422) {
    return "Set WEBHOOK_FORMAT to what the other side reads: slack or json.";
  }
  return "Make a new webhook on the other side, and set WEBHOOK_URL to its address.";
}

/** What is signed. */
interface SignedParts {
  readonly id: string;
  /** Seconds since 1970. */
  readonly timestamp: number;
  readonly body: string;
}

/**
 * "v1,<base64>": the HMAC-SHA256 of "id.timestamp.body", as Standard Webhooks has it, so that its libraries verify it.
 * The key is the secret's bytes, or what follows "whsec_" as base64. (https://www.standardwebhooks.com)
 */
function signatureOf({ id, timestamp, body }: SignedParts, secret: string): string {
  return `v1,${createHmac("sha256", keyOf(secret)).update(`${id}.${timestamp}.${body}`).digest("base64")}`;
}

function keyOf(secret: string): Uint8Array {
  const encoded = /^whsec_(.+)$/.exec(secret)?.[1];
  return encoded === undefined ? new TextEncoder().encode(secret) : Uint8Array.fromBase64(encoded);
}
