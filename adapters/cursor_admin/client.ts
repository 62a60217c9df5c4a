import { messageOf, TrackerError } from "../../domain/errors.ts";
import type { AdminApi, MemberSpend, TeamSpend, UsageEventPage, UsageEventQuery } from "../../domain/billing/ports.ts";
import type { Json } from "../../domain/json.ts";
import type { Clock, Log } from "../../domain/ports.ts";
import { redactSecrets } from "../../domain/redact.ts";
import { parseEventPage, parseSpendPage } from "./answers.ts";
import { type Failure, isPassingStatus, reasonOf, refusal, unreachable, unreadable } from "./failures.ts";
import { retryAfterMs } from "../http/retry_after.ts";
import { type Sleep, sleep } from "./sleep.ts";

/** Where the Admin API is, and how gently it is asked. */
export interface AdminClientOptions {
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
      await this.#sleep(waitMs, { signal: request.signal });
    }
  }

  /** One request. Only the caller's abort is thrown. */
  async #try(path: string, { body, signal }: { body: Json; signal: AbortSignal }): Promise<{ text: string } | Failure> {
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

  #refused(path: string, response: Response, text: string): Failure {
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
    if (startMs > nowMs) await this.#sleep(startMs - nowMs, { signal });
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
