import { recordOf } from "./exchange.ts";
import type { MiddlewareHandler } from "@hono/hono";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

type Bytes = Uint8Array<ArrayBuffer>;

/** How a body can be sent; the smaller ones first. */
const ENCODINGS = ["br", "gzip", "identity"] as const;
export type Encoding = typeof ENCODINGS[number];

/** Identity needs no mention, but what is mentioned comes before it. */
const LEAST = 0.0001;

/**
 * What a client likes best by the q-values of its Accept-Encoding; among equals the smallest. "identity" if it sends no
 * such header, or refuses all others.
 */
export function encodingFor(accept: string | null): Encoding {
  if (accept === null) return "identity";
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

/** A smaller answer fits into one packet as it is. */
const LEAST_BYTES = 1_024;

const COMPRESSIBLE = /^(?:text\/(?!event-stream)|application\/(?:[\w.+-]*json|javascript|xml)|image\/svg)/i;

/** Whether an answer gains by compression, and nobody chose its encoding already. */
export function isCompressible(headers: Headers, bytes: number): boolean {
  return bytes >= LEAST_BYTES && COMPRESSIBLE.test(headers.get("content-type") ?? "") &&
    !headers.has("content-encoding") && !(headers.get("vary") ?? "").toLowerCase().includes("accept-encoding");
}

/** Takes a few milliseconds for the largest page. */
const BROTLI_FOR_ONE_ANSWER = 5;
/** For what is compressed once and sent for ever. The last tenth that level 11 could save takes ten times as long. */
export const BROTLI_FOR_EVER = 9;

/** A body in each encoding that was asked for so far: each is made once, beside the main thread. */
export class EncodedBody {
  readonly #body: Bytes | string;
  readonly #quality: number;
  readonly #made = new Map<Encoding, Promise<Bytes>>();

  constructor(body: Bytes | string, { quality = BROTLI_FOR_ONE_ANSWER }: { readonly quality?: number } = {}) {
    this.#body = body;
    this.#quality = quality;
  }

  as(encoding: Encoding): Promise<Bytes> {
    const made = this.#made.get(encoding) ?? this.#encode(encoding);
    this.#made.set(encoding, made);
    return made;
  }

  async #encode(encoding: Encoding): Promise<Bytes> {
    if (encoding === "identity") {
      return typeof this.#body === "string" ? new TextEncoder().encode(this.#body) : this.#body;
    }
    if (encoding === "gzip") return new Uint8Array(await promisify(gzip)(this.#body));
    const params = {
      [constants.BROTLI_PARAM_QUALITY]: this.#quality,
      [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
      [constants.BROTLI_PARAM_SIZE_HINT]: this.#body.length,
    };
    return new Uint8Array(await promisify(brotliCompress)(this.#body, { params }));
  }
}

/** Compresses answers that nobody has compressed yet, by what the client accepts. Streams of events pass as they are. */
export function compressAnswers(): MiddlewareHandler {
  return async function compressAnswer(context, next) {
    await next();
    const { res } = context;
    if (res.body === null || !isCompressible(res.headers, Infinity)) return;
    const body = new Uint8Array(await res.arrayBuffer());
    const headers = recordOf(res.headers);
    let sent = body;
    if (isCompressible(res.headers, body.byteLength)) {
      const encoding = encodingFor(context.req.header("accept-encoding") ?? null);
      sent = await new EncodedBody(body).as(encoding);
      headers["vary"] = varyOf(res.headers.get("vary"));
      if (encoding !== "identity") headers["content-encoding"] = encoding;
      delete headers["content-length"];
    }
    // Hono merges the headers of two answers if the first is not taken away.
    context.res = undefined;
    context.res = new Response(sent, { status: res.status, headers });
  };
}

/** The Vary header of an answer whose encoding was chosen. */
export function varyOf(before: string | null): string {
  return before === null ? "accept-encoding" : `${before}, accept-encoding`;
}
