import type { Secret } from "../../domain/config.ts";
import { redactSecrets } from "../../domain/redact.ts";

const MAX_BYTES = 2_048;
const MAX_WORDS = 160;

/** The beginning of a body in one line, and no more of it is read; empty where it is a page for a browser. */
export async function firstWords(response: Response, secrets: readonly string[]): Promise<string> {
  const bytes: number[] = [];
  const reader = response.body?.getReader();
  while (reader !== undefined && bytes.length < MAX_BYTES) {
    const { done, value } = await reader.read();
    if (done) break;
    bytes.push(...value.subarray(0, MAX_BYTES));
  }
  await reader?.cancel();
  const text = new TextDecoder().decode(new Uint8Array(bytes.slice(0, MAX_BYTES)));
  if (/^\s*</.test(text)) return "";
  // Cleaned before it is cut, so that no half of a secret stays.
  const words = redactSecrets(text, secrets).replace(/[\p{Cc}\p{Cf}\u2028\u2029\s]+/gu, " ").trim();
  return words.length > MAX_WORDS ? `${words.slice(0, MAX_WORDS)}…` : words;
}

/** Why a request had no answer, in words without an address in them: `fetch` repeats the whole URL in its own. */
export function requestFailure(error: unknown): string {
  const text = error instanceof Error ? `${error.message} ${causesOf(error)}` : String(error);
  const known = REASONS.find(([pattern]) => pattern.test(text));
  return known?.[1] ?? "the connection failed";
}

const REASONS: readonly (readonly [RegExp, string])[] = [
  [/failed to lookup|dns error|ENOTFOUND|No address associated|name or service not known/i, "its name was not found"],
  [/Connection refused|ECONNREFUSED/i, "it refuses connections"],
  [/certificate|UnknownIssuer|NotValidForName|CertExpired/i, "its certificate is not trusted"],
  [/tls|ssl|corrupt message|InvalidContentType|handshake/i, "TLS failed"],
  [/unreachable|ENETUNREACH|EHOSTUNREACH/i, "the network cannot reach it"],
  [/reset|closed|broken pipe|incomplete|unexpected eof|end of file/i, "the connection broke off"],
];

function causesOf(error: Error): string {
  return error.cause instanceof Error ? `${error.cause.message} ${causesOf(error.cause)}` : "";
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const HTTP_DATE = /^[A-Z][a-z]{2}, (\d{2}) ([A-Z][a-z]{2}) (\d{4}) (\d{2}:\d{2}:\d{2}) GMT$/;

/** Nobody waits longer than this for a server's word, unless told otherwise: 2 minutes. */
export const MAX_RETRY_AFTER_MS = 120_000;

/** How long a `Retry-After` header asks to wait, in seconds or until a date; capped. Null where it says neither. */
export function retryAfterMs(
  header: string | null,
  now: Temporal.Instant,
  { maxMs = MAX_RETRY_AFTER_MS }: { maxMs?: number } = {},
): number | null {
  const text = header?.trim() ?? "";
  const date = httpDate(text);
  const ms = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : date?.epochMilliseconds;
  if (ms === undefined) return null;
  const waitMs = date === null ? ms : ms - now.epochMilliseconds;
  return Math.min(Math.max(0, waitMs), maxMs);
}

function httpDate(text: string): Temporal.Instant | null {
  const match = HTTP_DATE.exec(text);
  const month = MONTHS.indexOf(match?.[2] ?? "") + 1;
  if (match === null || month === 0) return null;
  try {
    return Temporal.Instant.from(`${match[3]}-${String(month).padStart(2, "0")}-${match[1]}T${match[4]}Z`);
  } catch (error) {
    if (error instanceof RangeError) return null; // "31 Feb" is no date
    throw error;
  }
}

/** An address that is a secret, taken apart for a request. */
export interface SecretAddress {
  /** Without user name and password, which `fetch` would not take. */
  readonly url: string;
  /** `Basic …` where the address has a user name or a password. */
  readonly authorization: string | null;
  /** "https://hooks.example.com": all that may be shown. */
  readonly origin: string;
  /** Whatever of it must not stand in a text. */
  readonly secrets: readonly string[];
}

/** Takes the address apart. It was checked as the configuration was read. */
export function secretAddress(address: Secret): SecretAddress {
  const text = address.reveal();
  const url = new URL(text);
  const { username, password, origin, pathname, search } = url;
  url.username = "";
  url.password = "";
  const user = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const credentials = user === ":" ? null : new TextEncoder().encode(user).toBase64();
  return {
    url: url.href,
    authorization: credentials === null ? null : `Basic ${credentials}`,
    origin,
    secrets: [text, url.href, `${pathname}${search}`, pathname, decodeURIComponent(password), credentials ?? ""]
      .filter((part) => part.length > 1),
  };
}
