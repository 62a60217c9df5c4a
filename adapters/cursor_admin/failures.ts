import { messageOf, TrackerError } from "../../domain/errors.ts";
import { isJsonObject } from "../../domain/json.ts";

/** Exit codes: wrong configuration, and nobody there to talk to. */
const CONFIGURATION = 2;
const UNREACHABLE = 13;

const HINTS: Readonly<Record<number, string>> = {
  400: "Set `billing.page_size` to 1000 or less; if that is so, Cursor has changed its Admin API: look for an update.",
  401: "Set CURSOR_API_KEY to an Admin API key: a team admin makes one on cursor.com under Settings, Advanced.",
  403: "The key's team must be on a plan with the Admin API, and the key must be an Admin API key: ask a team admin.",
  404: "Check CURSOR_ADMIN_URL: it must be the address of the Admin API, without a path.",
  429: "Set `billing.request_delay_seconds` higher, and let no other tool use the same key at the same time.",
};

/** A try that gave no answer. */
export interface Failure {
  readonly error: TrackerError;
  /** Whether another try can help. */
  readonly isPassing: boolean;
  /** What the server asked to wait; null where it said nothing. */
  readonly retryAfterMs: number | null;
}

/** The server answered with an error. `reason` is its own text. */
export function refusal(status: number, { path, reason }: { path: string; reason: string }): TrackerError {
  const isPassing = isPassingStatus(status);
  const said = reason === "" ? "" : `: ${reason}`;
  return new TrackerError(`The Admin API refused ${path} with status ${status}${said}`, {
    hint: HINTS[status] ?? (isPassing ? "Try again later." : "Check CURSOR_ADMIN_URL, and look for an update."),
    exitCode: status === 401 || status === 403 ? CONFIGURATION : isPassing ? UNREACHABLE : 1,
  });
}

/** There was no answer: a time-out, or a broken connection. */
export function unreachable(path: string, reason: string): TrackerError {
  return new TrackerError(`Cannot reach the Admin API at ${path}: ${reason}`, {
    hint: "Check the network connection and CURSOR_ADMIN_URL, then try again.",
    exitCode: UNREACHABLE,
  });
}

/** The answer is not what the documentation promises. */
export function unreadable(path: string, cause: unknown): TrackerError {
  const reason = messageOf(cause).replace(/\s+/g, " ").slice(0, 300);
  return new TrackerError(`Cannot read the Admin API's answer to ${path}: ${reason}`, {
    hint: "Check CURSOR_ADMIN_URL; if it is right, Cursor has changed its Admin API: look for an update.",
  });
}

/** Statuses that another try can cure. */
export function isPassingStatus(status: number): boolean {
  return status === 429 || status === 408 || status >= 500;
}

/** The server's own words in an error's body: its `message`, its `error`, or nothing. */
export function reasonOf(body: string): string {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return ""; // a proxy's HTML page says nothing to a person
  }
  if (!isJsonObject(parsed)) return "";
  const reason = [parsed["message"], parsed["error"]].find((part) => typeof part === "string");
  return typeof reason === "string" ? reason.slice(0, 300) : "";
}
