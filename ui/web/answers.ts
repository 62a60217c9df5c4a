import type { Clock } from "../../domain/clock.ts";
import { EVENTS_PATH } from "./live/changes.ts";
import type { MiddlewareHandler } from "@hono/hono";
import { createHash } from "node:crypto";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

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
interface Recalled {
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

/** A smaller answer fits into one packet as it is. */
const LEAST_BYTES = 1_024;

const COMPRESSIBLE = /^(?:text\/(?!event-stream)|application\/(?:[\w.+-]*json|javascript|xml)|image\/svg)/i;

/** Whether an answer gains by compression. */
function isCompressible(headers: Headers, bytes: number): boolean {
  return bytes >= LEAST_BYTES && !headers.has("content-encoding") && !isVaried(headers) &&
    COMPRESSIBLE.test(headers.get("content-type") ?? "");
}

/** Somebody chose its encoding already. */
function isVaried(headers: Headers): boolean {
  return (headers.get("vary") ?? "").toLowerCase().includes("accept-encoding");
}

/** The body in an encoding; the levels are those that take a few milliseconds for the largest page. */
function encoded(body: Uint8Array<ArrayBuffer>, encoding: Encoding): Uint8Array<ArrayBuffer> {
  if (encoding === "identity") return body;
  if (encoding === "gzip") return Uint8Array.from(gzipSync(body));
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: 5,
    [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
    [constants.BROTLI_PARAM_SIZE_HINT]: body.byteLength,
  };
  return Uint8Array.from(brotliCompressSync(body, { params }));
}

/** Compresses answers that nobody has compressed yet, by what the client accepts. Streams of events pass as they are. */
export function compressAnswers(): MiddlewareHandler {
  const chooser = new EncodingChooser();
  return async function compressAnswer(context, next) {
    await next();
    const { res } = context;
    if (res.body === null || !isCompressible(res.headers, Infinity)) return;
    const body = new Uint8Array(await res.arrayBuffer());
    const headers = new Headers(res.headers);
    if (!isCompressible(headers, body.byteLength)) {
      return replace(context, new Response(body, { status: res.status, headers }));
    }
    headers.append("vary", "accept-encoding");
    const encoding = chooser.choose(context.req.header("accept-encoding") ?? null);
    if (encoding !== "identity") headers.set("content-encoding", encoding);
    headers.delete("content-length");
    replace(context, new Response(encoded(body, encoding), { status: res.status, headers }));
  };
}

/** Hono merges the headers of two answers where the first is not taken away. */
function replace(context: { res: Response | undefined }, response: Response): void {
  context.res = undefined;
  context.res = response;
}

/** How a body can be sent; the smaller ones first. */
const ENCODINGS = ["br", "gzip", "identity"] as const;
type Encoding = typeof ENCODINGS[number];

/** Clients say the same few things; who sends always new ones does not fill the memory. */
const MOST_REMEMBERED = 32;

/** Chooses an encoding by Accept-Encoding, and remembers what it chose. */
class EncodingChooser {
  readonly #chosen = new Map<string, Encoding>();

  choose(accept: string | null): Encoding {
    if (accept === null) return "identity";
    const known = this.#chosen.get(accept);
    if (known !== undefined) return known;
    const chosen = encodingFor(accept);
    if (this.#chosen.size < MOST_REMEMBERED) this.#chosen.set(accept, chosen);
    return chosen;
  }
}

/** What a client likes best by its q-values; among equals the smallest. "identity" where it refuses all others. */
export function encodingFor(accept: string): Encoding {
  const weights = weightsOf(accept);
  const rest = weights.get("*");
  const weightOf = (encoding: Encoding) => {
    const own = weights.get(encoding) ?? (encoding === "gzip" ? weights.get("x-gzip") : undefined);
    return own ?? rest ?? (encoding === "identity" ? LEAST : 0);
  };
  const [best] = ENCODINGS.map((encoding) => ({ encoding, weight: weightOf(encoding) }))
    .filter(({ weight }) => weight > 0).sort((a, b) => b.weight - a.weight);
  return best?.encoding ?? "identity";
}

/** Identity needs no mention, but what is mentioned comes before it. */
const LEAST = 0.0001;

function weightsOf(accept: string): Map<string, number> {
  const weights = new Map<string, number>();
  for (const part of accept.toLowerCase().split(",")) {
    const [name = "", ...parameters] = part.split(";").map((piece) => piece.trim());
    const given = parameters.find((parameter) => parameter.startsWith("q="))?.slice(2) ?? "1";
    const weight = /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(given) ? Number(given) : 0;
    if (name !== "") weights.set(name, weight);
  }
  return weights;
}
