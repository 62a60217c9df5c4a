import type {
  AdminApi,
  MemberSpend,
  TeamSpend,
  UsageEventPage,
  UsageEventQuery,
} from "../../domain/billing/admin_api.ts";
import type { Clock, Sleep } from "../../domain/clock.ts";
import { messageOf, TrackerError } from "../../domain/errors.ts";
import { readCents, readCount, readInstant } from "../../domain/fields.ts";
import { isJsonObject, type Json, type JsonObject } from "../../domain/json.ts";
import type { Log } from "../../domain/log.ts";
import { redactSecrets } from "../../domain/redact.ts";
import { retryAfterMs } from "../system/http.ts";
import { sleep } from "../system/timer.ts";
import { z } from "zod";

/** Where the Admin API is, and how gently it is asked. */
interface AdminClientOptions {
  /** CURSOR_ADMIN_URL. */
  readonly baseUrl: string;
  /** CURSOR_API_KEY. Never part of an error or a log line. */
  readonly apiKey: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Least time between the starts of two requests. Default 3,000. */
  readonly requestDelayMs?: number;
  /** After this long a request counts as failed. Default 60,000. */
  readonly timeoutMs?: number;
  /** How often a request that met a passing fault is made again, at most. Default 5. */
  readonly retries?: number;
  readonly sleep?: Sleep;
  readonly fetch?: typeof globalThis.fetch;
}

/** Pauses before the second to the sixth try. */
const BACK_OFF_MS = [1_000, 2_000, 4_000, 8_000, 16_000] as const;
const SPEND_PAGE_SIZE = 100;

/**
 * The Admin API over HTTP, one paced request at a time. 429, 5xx, time-outs and broken connections are tried again, at
 * most five times; a wait that the server asks for is kept.
 * @throws TrackerError where the key or the address cannot be right.
 */
export class AdminClient implements AdminApi {
  readonly #base: string;
  readonly #secrets: readonly string[];
  readonly #headers: HeadersInit;
  readonly #options: AdminClientOptions;
  readonly #sleep: Sleep;
  readonly #fetch: typeof globalThis.fetch;
  #nextStartMs = -Infinity;

  constructor(options: AdminClientOptions) {
    const credentials = basicCredentials(options.apiKey);
    this.#base = baseOf(options.baseUrl);
    this.#secrets = [options.apiKey, credentials];
    this.#headers = { authorization: `Basic ${credentials}`, "content-type": "application/json" };
    this.#options = options;
    this.#sleep = options.sleep ?? sleep;
    this.#fetch = options.fetch ?? globalThis.fetch;
  }

  async usageEvents(query: UsageEventQuery, { signal }: { signal: AbortSignal }): Promise<UsageEventPage> {
    const { startMs, endMs, page, pageSize } = query;
    const body = { startDate: startMs, endDate: endMs, page, pageSize };
    return await this.#post("/teams/filtered-usage-events", { body, signal, parse: parseEventPage });
  }

  async teamSpend({ signal }: { signal: AbortSignal }): Promise<TeamSpend> {
    const members: MemberSpend[] = [];
    for (let page = 1;; page++) {
      const body = { page, pageSize: SPEND_PAGE_SIZE };
      const answer = await this.#post("/teams/spend", { body, signal, parse: parseSpendPage });
      members.push(...answer.members);
      if (page >= answer.pages || answer.members.length === 0) return { cycleStart: answer.cycleStart, members };
    }
  }

  async #post<T>(path: string, request: { body: Json; signal: AbortSignal; parse: (body: unknown) => T }): Promise<T> {
    for (let retry = 0;; retry++) {
      await this.#pace(request.signal);
      const tried = await this.#try(path, request);
      if ("text" in tried) return this.#parsed(path, tried.text, request.parse);
      const backOffMs = retry < (this.#options.retries ?? Infinity) ? BACK_OFF_MS[retry] : undefined;
      if (!tried.isPassing || backOffMs === undefined) throw tried.error;
      const waitMs = tried.retryAfterMs ?? backOffMs;
      this.#options.log.warn("billing.request_retried", { path, wait_ms: waitMs, reason: tried.error.message });
      await this.#sleep(waitMs, request.signal);
    }
  }

  /** One request. Only the caller's abort is thrown. */
  async #try(
    path: string,
    { body, signal }: { body: Json; signal: AbortSignal },
  ): Promise<{ text: string } | ApiFailure> {
    signal.throwIfAborted();
    const timeout = AbortSignal.timeout(this.#options.timeoutMs ?? 60_000);
    try {
      const response = await this.#fetch(`${this.#base}${path}`, {
        method: "POST",
        headers: this.#headers,
        body: JSON.stringify(body),
        redirect: "manual",
        signal: AbortSignal.any([signal, timeout]),
      });
      const text = await response.text();
      return response.ok ? { text } : this.#refused(path, response, text);
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      const reason = timeout.aborted ? "it did not answer in time" : this.#clean(messageOf(error));
      return { error: unreachable(path, reason), isPassing: true, retryAfterMs: null };
    }
  }

  #refused(path: string, response: Response, text: string): ApiFailure {
    return {
      error: refusal(response.status, { path, reason: this.#clean(reasonOf(text)) }),
      isPassing: isPassingStatus(response.status),
      retryAfterMs: retryAfterMs(response.headers.get("retry-after"), this.#options.clock.now()),
    };
  }

  #parsed<T>(path: string, text: string, parse: (body: unknown) => T): T {
    try {
      return parse(JSON.parse(text));
    } catch (error) {
      throw unreadable(path, this.#clean(messageOf(error)));
    }
  }

  /** Waits for its turn. The turn is taken before the wait, so that two callers never share one. */
  async #pace(signal: AbortSignal): Promise<void> {
    const delayMs = this.#options.requestDelayMs ?? 3_000;
    const nowMs = this.#options.clock.now().epochMilliseconds;
    const startMs = Math.max(nowMs, this.#nextStartMs);
    this.#nextStartMs = startMs + delayMs;
    signal.throwIfAborted();
    if (startMs > nowMs) await this.#sleep(startMs - nowMs, signal);
  }

  #clean(text: string): string {
    return redactSecrets(text, this.#secrets);
  }
}

function basicCredentials(apiKey: string): string {
  if (/^[\x21-\x39\x3b-\x7e]+$/.test(apiKey)) return btoa(`${apiKey}:`);
  throw new TrackerError(
    apiKey === "" ? "Cannot use the Admin API as CURSOR_API_KEY is not set" : "CURSOR_API_KEY must be plain text",
    { hint: "Set CURSOR_API_KEY to an Admin API key: a team admin makes one on cursor.com.", exitCode: 2 },
  );
}

function baseOf(text: string): string {
  const url = URL.parse(text);
  const isPlain = url !== null && /^https?:$/.test(url.protocol) && url.username === "" && url.password === "";
  if (isPlain && url.search === "" && url.hash === "") return url.href.replace(/\/+$/, "");
  throw new TrackerError(
    "CURSOR_ADMIN_URL must be an http or https address without a user name, a query or a fragment",
    {
      hint: "Leave it out to use https://api.cursor.com.",
      exitCode: 2,
    },
  );
}

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
interface ApiFailure {
  readonly error: TrackerError;
  /** Whether another try can help. */
  readonly isPassing: boolean;
  /** What the server asked to wait; null where it said nothing. */
  readonly retryAfterMs: number | null;
}

/** The server answered with an error. `reason` is its own text. */
function refusal(status: number, { path, reason }: { path: string; reason: string }): TrackerError {
  const isPassing = isPassingStatus(status);
  const said = reason === "" ? "" : `: ${reason}`;
  return new TrackerError(`The Admin API refused ${path} with status ${status}${said}`, {
    hint: HINTS[status] ?? (isPassing ? "Try again later." : "Check CURSOR_ADMIN_URL, and look for an update."),
    exitCode: status === 401 || status === 403 ? CONFIGURATION : isPassing ? UNREACHABLE : 1,
  });
}

/** There was no answer: a time-out, or a broken connection. */
function unreachable(path: string, reason: string): TrackerError {
  return new TrackerError(`Cannot reach the Admin API at ${path}: ${reason}`, {
    hint: "Check the network connection and CURSOR_ADMIN_URL, then try again.",
    exitCode: UNREACHABLE,
  });
}

/** The answer is not what the documentation promises. */
function unreadable(path: string, cause: unknown): TrackerError {
  const reason = messageOf(cause).replace(/\s+/g, " ").slice(0, 300);
  return new TrackerError(`Cannot read the Admin API's answer to ${path}: ${reason}`, {
    hint: "Check CURSOR_ADMIN_URL; if it is right, Cursor has changed its Admin API: look for an update.",
  });
}

/** Statuses that another try can cure. */
function isPassingStatus(status: number): boolean {
  return status === 429 || status === 408 || status >= 500;
}

/** The server's own words in an error's body: its `message`, its `error`, or nothing. */
function reasonOf(body: string): string {
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

/** proto-JSON: a number, its text, or nothing at all. */
const loose = z.union([z.number(), z.string(), z.null()]).optional();
const count = loose.transform((value) => readCount(value, "a count"));
const text = z.string().nullish().transform((value) => value?.trim() ?? "");
/** An omitted array is an empty one. Its objects stay as they are, fields that nobody knows included. */
const objects = z.custom<JsonObject[] | null | undefined>(isObjectsOrNothing, "must be a list of objects")
  .optional().transform((list) => list ?? []);

const EventPage = z.object({
  totalUsageEventsCount: count,
  pagination: z.object({ numPages: count, hasNextPage: z.boolean().nullish() }).nullish(),
  usageEvents: objects,
});

const Member = z.object({ userId: loose, email: text, spendCents: loose });

const SpendPage = z.object({
  teamMemberSpend: z.array(Member).nullish().transform((list) => list ?? []),
  subscriptionCycleStart: loose,
  totalPages: count,
});

/** One page of /teams/spend. */
interface SpendPageAnswer extends TeamSpend {
  readonly pages: number;
}

/** Reads an answer of /teams/filtered-usage-events. @throws ZodError or UnreadableField where it is none. */
function parseEventPage(body: unknown): UsageEventPage {
  const { totalUsageEventsCount, pagination, usageEvents } = EventPage.parse(recognized(body, EventPage));
  return {
    events: usageEvents,
    // A zero is omitted: without any event there is nothing that could be missing.
    totalEvents: totalUsageEventsCount ?? (usageEvents.length === 0 ? 0 : null),
    pages: pagination?.numPages ?? null,
    // False is omitted too, where there is a pagination at all.
    hasNextPage: pagination ? pagination.hasNextPage ?? false : null,
  };
}

/** Reads an answer of /teams/spend. @throws ZodError or UnreadableField where it is none. */
function parseSpendPage(body: unknown): SpendPageAnswer {
  const answer = SpendPage.parse(recognized(body, SpendPage));
  return {
    members: answer.teamMemberSpend.map(memberSpend),
    cycleStart: readInstant(answer.subscriptionCycleStart, "subscriptionCycleStart"),
    pages: answer.totalPages ?? 1,
  };
}

function memberSpend(member: z.infer<typeof Member>): MemberSpend {
  const user = member.email === "" ? String(member.userId ?? "(unnamed member)") : member.email.toLowerCase();
  return { user, onDemand: readCents(member.spendCents, "spendCents") };
}

/** One test for the whole list: one for each of a thousand events takes as long as parsing them. */
function isObjectsOrNothing(value: unknown): boolean {
  return value === null || value === undefined || (Array.isArray(value) && value.every(isJsonObject));
}

/** An empty answer is one, but an object with nothing but strange fields comes from somewhere else. */
function recognized(body: unknown, schema: z.ZodObject): unknown {
  if (!isJsonObject(body)) return body;
  const fields = Object.keys(body);
  return fields.length === 0 || fields.some((field) => field in schema.shape) ? body : null;
}
