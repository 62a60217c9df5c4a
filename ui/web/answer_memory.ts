import { createHash } from "node:crypto";
import type { MiddlewareHandler } from "@hono/hono";
import type { Clock } from "../../domain/ports.ts";
import { type Encoding, EncodingChooser } from "./accept_encoding.ts";
import { encoded, isCompressible } from "./compressed.ts";
import { EVENTS_PATH } from "./live/events_path.ts";

/** Answers kept at a time, and the longest that is kept. */
const MOST_ANSWERS = 64;
const LONGEST_BYTES = 1_000_000;

const READS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

/** One encoding of an answer. */
interface Form {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly headers: Headers;
}

interface Answer {
  /** The data and the minute that it was made of. */
  readonly made: string;
  /** What the request called the server: it passed the host check under this name. */
  readonly host: string | null;
  readonly path: string;
  readonly etag: string;
  readonly body: Uint8Array<ArrayBuffer>;
  readonly headers: Headers;
  readonly isCompressible: boolean;
  /** Made when they are first asked for. */
  readonly forms: Map<Encoding, Form>;
}

/** An answer from memory, and the path of what it answers. */
export interface Recalled {
  readonly response: Response;
  readonly path: string;
}

/**
 * Remembers answers to reads of the API and the pages while neither the data nor the minute has changed, compressed once
 * for all who ask, so that they cost the same however long the history is; and answers 304 to who has the answer
 * already. The address with its host is the key: what is refused for one host is not remembered for it.
 */
export class AnswerMemory {
  readonly #clock: Clock;
  readonly #version: () => string;
  readonly #answers = new Map<string, Answer>();
  readonly #chooser = new EncodingChooser();

  constructor({ clock, version }: { clock: Clock; version: () => string }) {
    this.#clock = clock;
    this.#version = version;
  }

  /** The answer, where it is remembered and still true. */
  recall(request: Request): Recalled | null {
    if (request.method !== "GET") return null;
    const known = this.#answers.get(request.url);
    if (known === undefined || known.made !== this.#now()) return null;
    const { headers } = request;
    if (headers.get("host") !== known.host || headers.has("content-length") || headers.has("transfer-encoding")) {
      return null;
    }
    return { response: this.#respond(request, known), path: known.path };
  }

  /** Remembers what comes from behind it, and forgets everything after a write. It goes behind the login. */
  remember(): MiddlewareHandler {
    return async (context, next) => {
      const request = context.req.raw;
      const { path } = context.req;
      if ((request.method !== "GET" && request.method !== "HEAD") || !isPure(path)) {
        await next();
        // The writer reads its own write at once; others may do so within moments.
        if (!READS.has(request.method)) this.#answers.clear();
        return undefined;
      }
      const recalled = this.recall(request);
      if (recalled !== null) return recalled.response;
      const made = this.#now();
      await next();
      if (context.res.status !== 200 || isStream(context.res)) return undefined;
      const answer = await answerOf(context.res, { made, path, host: request.headers.get("host") });
      if (answer.body.byteLength <= LONGEST_BYTES) this.#keep(request.url, answer);
      context.res = undefined;
      return context.res = this.#respond(request, answer);
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

  #respond(request: Request, answer: Answer): Response {
    const encoding = answer.isCompressible ? this.#chooser.choose(request.headers.get("accept-encoding")) : "identity";
    const { body, headers } = formOf(answer, encoding);
    const wanted = request.headers.get("if-none-match");
    if (wanted === null || !matches(wanted, answer.etag)) return new Response(body, { headers });
    const kept = new Headers(headers);
    for (const name of ["content-type", "content-length", "content-encoding"]) kept.delete(name);
    return new Response(null, { status: 304, headers: kept });
  }
}

/** Whether an answer depends on nothing but the data, the minute and the address. */
function isPure(path: string): boolean {
  return path === "/" || (path.startsWith("/api/") && path !== EVENTS_PATH);
}

function isStream(response: Response): boolean {
  return (response.headers.get("content-type") ?? "").startsWith("text/event-stream");
}

async function answerOf(
  response: Response,
  asked: Pick<Answer, "made" | "path" | "host">,
): Promise<Answer> {
  const body = new Uint8Array(await response.arrayBuffer());
  const headers = new Headers(response.headers);
  // Weak: the same for every encoding, as all of them say the same.
  const etag = `W/"${createHash("sha256").update(body).digest("base64url").slice(0, 22)}"`;
  headers.set("etag", etag);
  headers.set("cache-control", "private, no-cache");
  const compressible = isCompressible(headers, body.byteLength);
  if (compressible) headers.append("vary", "accept-encoding");
  return { ...asked, etag, body, headers, isCompressible: compressible, forms: new Map() };
}

function formOf(answer: Answer, encoding: Encoding): Form {
  const known = answer.forms.get(encoding);
  if (known !== undefined) return known;
  const body = encoded(answer.body, encoding);
  const headers = new Headers(answer.headers);
  if (encoding !== "identity") headers.set("content-encoding", encoding);
  headers.set("content-length", String(body.byteLength));
  const form = { body, headers };
  answer.forms.set(encoding, form);
  return form;
}

/** If-None-Match compares weakly: "W/" does not count. */
function matches(wanted: string, etag: string): boolean {
  const plain = (tag: string) => tag.trim().replace(/^W\//, "");
  return wanted.trim() === "*" || wanted.split(",").some((tag) => plain(tag) === plain(etag));
}
