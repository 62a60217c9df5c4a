import type { Clock } from "../../domain/clock.ts";
import { EncodedBody, type Encoding, encodingFor, isCompressible, varyOf } from "./compression.ts";
import { type Asked, askedBy, isStream, recordOf, responseOf, type WholeAnswer } from "./exchange.ts";
import { EVENTS_PATH } from "./live/changes.ts";
import type { MiddlewareHandler } from "@hono/hono";
import { createHash } from "node:crypto";

/** Answers kept at a time, and the longest that is kept. */
const MOST_ANSWERS = 64;
const LONGEST_BYTES = 1_000_000;

const READS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

/** One encoding of an answer: as a whole, and without its body for who has it already. */
interface Form {
  readonly whole: WholeAnswer;
  readonly notModified: WholeAnswer;
}

interface Answer {
  /** The data and the minute that it was made of. */
  readonly made: string;
  /** What the request called the server: it passed the host check under this name. */
  readonly host: string | null;
  readonly path: string;
  readonly etag: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly isCompressible: boolean;
  readonly body: EncodedBody;
  /** Those that were asked for. */
  readonly forms: Map<Encoding, Form>;
}

/** An answer from memory, and the path of what it answers. */
interface Recalled {
  readonly answer: WholeAnswer;
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
  readonly #encodings = new RememberedEncodings();

  constructor({ clock, version }: { clock: Clock; version: () => string }) {
    this.#clock = clock;
    this.#version = version;
  }

  /** The answer, if it is remembered in the encoding that is wanted, and still true. */
  recall(asked: Asked): Recalled | null {
    const known = this.#find(asked);
    if (known === null) return null;
    const form = known.forms.get(this.#encodingOf(known, asked));
    return form === undefined ? null : { answer: wantedOf(asked, known, form), path: known.path };
  }

  /** Remembers what comes from behind it, and forgets everything after a write. It goes behind the login. */
  remember(): MiddlewareHandler {
    return async (context, next) => {
      const asked = askedBy(context.req.raw);
      const { path } = context.req;
      if ((asked.method !== "GET" && asked.method !== "HEAD") || !isPure(path)) {
        await next();
        // The writer reads its own write at once; others may do so within moments.
        if (!READS.has(asked.method)) this.#answers.clear();
        return undefined;
      }
      const known = this.#find(asked);
      if (known !== null) return await this.#respond(asked, known);
      const made = this.#now();
      await next();
      if (context.res.status !== 200 || isStream(context.res)) return undefined;
      const body = new Uint8Array(await context.res.arrayBuffer());
      const answer = answerOf(body, { headers: context.res.headers, made, path, host: asked.header("host") });
      if (body.byteLength <= LONGEST_BYTES) this.#keep(asked.url, answer);
      context.res = undefined;
      return context.res = await this.#respond(asked, answer);
    };
  }

  #find({ method, url, header }: Asked): Answer | null {
    if (method !== "GET") return null;
    const known = this.#answers.get(url);
    if (known === undefined || known.made !== this.#now()) return null;
    const hasBody = header("content-length") !== null || header("transfer-encoding") !== null;
    return hasBody || header("host") !== known.host ? null : known;
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

  #encodingOf(answer: Answer, asked: Asked): Encoding {
    return answer.isCompressible ? this.#encodings.choose(asked.header("accept-encoding")) : "identity";
  }

  async #respond(asked: Asked, answer: Answer): Promise<Response> {
    const encoding = this.#encodingOf(answer, asked);
    const form = answer.forms.get(encoding) ?? await formOf(answer, encoding);
    answer.forms.set(encoding, form);
    return responseOf(wantedOf(asked, answer, form));
  }
}

/** Clients say the same few things; who sends always new ones does not fill the memory. */
const MOST_REMEMBERED = 32;

/** Remembers which encoding an Accept-Encoding header led to. */
class RememberedEncodings {
  readonly #chosen = new Map<string | null, Encoding>();

  choose(accept: string | null): Encoding {
    const known = this.#chosen.get(accept);
    if (known !== undefined) return known;
    const chosen = encodingFor(accept);
    if (this.#chosen.size < MOST_REMEMBERED) this.#chosen.set(accept, chosen);
    return chosen;
  }
}

/** Whether an answer depends on nothing but the data, the minute and the address. */
function isPure(path: string): boolean {
  return path === "/" || (path.startsWith("/api/") && path !== EVENTS_PATH);
}

function answerOf(
  body: Uint8Array<ArrayBuffer>,
  { headers, ...asked }: Pick<Answer, "made" | "path" | "host"> & { readonly headers: Headers },
): Answer {
  // Weak: the same for every encoding, as all of them say the same.
  const etag = `W/"${createHash("sha256").update(body).digest("base64url").slice(0, 22)}"`;
  const record = { ...recordOf(headers), etag, "cache-control": "private, no-cache" };
  const compressible = isCompressible(headers, body.byteLength);
  return {
    ...asked,
    etag,
    headers: compressible ? { ...record, vary: varyOf(headers.get("vary")) } : record,
    isCompressible: compressible,
    body: new EncodedBody(body),
    forms: new Map(),
  };
}

async function formOf(answer: Answer, encoding: Encoding): Promise<Form> {
  const body = await answer.body.as(encoding);
  const coding = encoding === "identity" ? {} : { "content-encoding": encoding };
  const headers: Record<string, string> = { ...answer.headers, ...coding, "content-length": String(body.byteLength) };
  const { "content-type": _type, "content-length": _length, "content-encoding": _coding, ...kept } = headers;
  return { whole: { status: 200, headers, body }, notModified: { status: 304, headers: kept, body: null } };
}

function wantedOf(asked: Asked, { etag }: Answer, { whole, notModified }: Form): WholeAnswer {
  const known = asked.header("if-none-match");
  return known !== null && matches(known, etag) ? notModified : whole;
}

/** If-None-Match compares weakly: "W/" does not count. */
function matches(wanted: string, etag: string): boolean {
  const plain = (tag: string) => tag.trim().replace(/^W\//, "");
  return wanted.trim() === "*" || wanted.split(",").some((tag) => plain(tag) === plain(etag));
}
