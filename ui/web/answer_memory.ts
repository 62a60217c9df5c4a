import { createHash } from "node:crypto";
import type { MiddlewareHandler } from "@hono/hono";
import type { Clock } from "../../domain/ports.ts";
import { EVENTS_PATH } from "./live/events_path.ts";

/** Answers kept at a time, and the longest that is kept. */
const MOST_ANSWERS = 64;
const LONGEST = 1_000_000;

const READS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

interface Answer {
  /** The data and the minute that it was made of. */
  readonly made: string;
  readonly etag: string;
  readonly body: string;
  readonly headers: Headers;
}

/**
 * Remembers answers to reads of the API and the pages while neither the data nor the minute has changed, so that they
 * cost the same however long the history is; and answers 304 to who has the answer already. The address with its host
 * is the key: what is refused for one host is not remembered for it.
 */
export class AnswerMemory {
  readonly #clock: Clock;
  readonly #version: () => string;
  readonly #answers = new Map<string, Answer>();

  constructor({ clock, version }: { clock: Clock; version: () => string }) {
    this.#clock = clock;
    this.#version = version;
  }

  /** The answer, where it is remembered and still true. */
  recall(request: Request): Response | null {
    if (request.method !== "GET") return null;
    const known = this.#answers.get(request.url);
    if (known === undefined || known.made !== this.#now()) return null;
    return respond(request, known);
  }

  /** Remembers what comes from behind it, and forgets everything after a write. It goes behind the login. */
  remember(): MiddlewareHandler {
    return async (context, next) => {
      const request = context.req.raw;
      if (request.method !== "GET" || !isPure(context.req.path)) {
        await next();
        // The writer reads its own write at once; others may do so within moments.
        if (!READS.has(request.method)) this.#answers.clear();
        return undefined;
      }
      const recalled = this.recall(request);
      if (recalled !== null) return recalled;
      const made = this.#now();
      await next();
      if (context.res.status !== 200) return undefined;
      const answer = await answerOf(context.res, made);
      if (answer.body.length <= LONGEST) this.#keep(request.url, answer);
      context.res = undefined;
      return context.res = respond(request, answer);
    };
  }

  #now(): string {
    return `${this.#version()} ${Math.floor(this.#clock.now().epochMilliseconds / 60_000)}`;
  }

  /** The newest stay. */
  #keep(url: string, answer: Answer): void {
    this.#answers.delete(url);
    this.#answers.set(url, answer);
    const oldest = this.#answers.keys().next();
    if (this.#answers.size > MOST_ANSWERS && !oldest.done) this.#answers.delete(oldest.value);
  }
}

/** Whether an answer depends on nothing but the data, the minute and the address. */
function isPure(path: string): boolean {
  return path === "/" || (path.startsWith("/api/") && path !== EVENTS_PATH);
}

async function answerOf(response: Response, made: string): Promise<Answer> {
  const body = await response.text();
  const headers = new Headers(response.headers);
  // Weak: a proxy may compress it on the way.
  const etag = `W/"${createHash("sha256").update(body).digest("base64url").slice(0, 22)}"`;
  headers.set("etag", etag);
  headers.set("cache-control", "private, no-cache");
  return { made, etag, body, headers };
}

function respond(request: Request, { etag, body, headers }: Answer): Response {
  const wanted = request.headers.get("if-none-match");
  if (wanted === null || !matches(wanted, etag)) return new Response(body, { headers });
  const kept = new Headers(headers);
  kept.delete("content-type");
  return new Response(null, { status: 304, headers: kept });
}

/** If-None-Match compares weakly: "W/" does not count. */
function matches(wanted: string, etag: string): boolean {
  const plain = (tag: string) => tag.trim().replace(/^W\//, "");
  return wanted.trim() === "*" || wanted.split(",").some((tag) => plain(tag) === plain(etag));
}
