import { createHash } from "node:crypto";
import type { Context, MiddlewareHandler } from "@hono/hono";
import type { Clock } from "../../domain/ports.ts";

/** Answers kept at a time, and the longest that is kept. */
const MOST_ANSWERS = 64;
const LONGEST_BYTES = 1_000_000;

interface Answer {
  /** The data and the minute that it was made of. */
  readonly made: string;
  readonly etag: string;
  readonly body: ArrayBuffer;
  readonly headers: Headers;
}

/**
 * Answers reads of the API and the pages from memory while neither the data nor the minute has changed, however long
 * the history is; and with 304 where the reader has the answer already. It goes behind the login and before everything
 * that makes an answer.
 */
export function answerCache({ clock, version }: { clock: Clock; version: () => string }): MiddlewareHandler {
  const answers = new Map<string, Answer>();
  return async function answerFromMemory(context, next) {
    if (context.req.method !== "GET" || !isCacheable(context.req.path)) return await next();
    const made = `${version()} ${Math.floor(clock.now().epochMilliseconds / 60_000)}`;
    const key = context.req.url;
    const known = answers.get(key);
    if (known?.made === made) return respond(context, known);
    await next();
    if (context.res.status !== 200) return;
    const answer = await answerOf(context.res, made);
    if (answer.body.byteLength <= LONGEST_BYTES) remember(answers, key, answer);
    context.res = undefined;
    context.res = respond(context, answer);
  };
}

function isCacheable(path: string): boolean {
  return path === "/" || path.startsWith("/api/");
}

async function answerOf(response: Response, made: string): Promise<Answer> {
  const body = await response.arrayBuffer();
  const digest = createHash("sha256").update(new Uint8Array(body)).digest("base64url");
  const headers = new Headers(response.headers);
  // Weak: a proxy may compress it on the way.
  const etag = `W/"${digest.slice(0, 22)}"`;
  headers.set("etag", etag);
  headers.set("cache-control", "private, no-cache");
  return { made, etag, body, headers };
}

/** The newest answers stay; an address asked for anew counts as new. */
function remember(answers: Map<string, Answer>, key: string, answer: Answer): void {
  answers.delete(key);
  answers.set(key, answer);
  const oldest = answers.keys().next();
  if (answers.size > MOST_ANSWERS && !oldest.done) answers.delete(oldest.value);
}

function respond(context: Context, { etag, body, headers }: Answer): Response {
  const wanted = context.req.header("if-none-match");
  if (wanted !== undefined && matches(wanted, etag)) {
    const kept = new Headers(headers);
    kept.delete("content-type");
    kept.delete("content-length");
    return new Response(null, { status: 304, headers: kept });
  }
  return new Response(body, { headers });
}

/** If-None-Match compares weakly: "W/" does not count. */
function matches(wanted: string, etag: string): boolean {
  const plain = (tag: string) => tag.trim().replace(/^W\//, "");
  return wanted.trim() === "*" || wanted.split(",").some((tag) => plain(tag) === plain(etag));
}
