import { createHmac } from "node:crypto";

/** What is signed. */
export interface SignedParts {
  readonly id: string;
  /** Seconds since 1970. */
  readonly timestamp: number;
  readonly body: string;
}

/**
 * "v1,<base64>": the HMAC-SHA256 of "id.timestamp.body", as Standard Webhooks has it, so that its libraries verify it.
 * The key is the secret's bytes, or what follows "whsec_" as base64. (https://www.standardwebhooks.com)
 */
export function signatureOf({ id, timestamp, body }: SignedParts, secret: string): string {
  return `v1,${createHmac("sha256", keyOf(secret)).update(`${id}.${timestamp}.${body}`).digest("base64")}`;
}

function keyOf(secret: string): Uint8Array {
  const encoded = /^whsec_(.+)$/.exec(secret)?.[1];
  return encoded === undefined ? new TextEncoder().encode(secret) : Uint8Array.fromBase64(encoded);
}
