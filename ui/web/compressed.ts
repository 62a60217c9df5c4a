import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import type { MiddlewareHandler } from "@hono/hono";
import { type Encoding, EncodingChooser } from "./accept_encoding.ts";

/** A smaller answer fits into one packet as it is. */
export const LEAST_BYTES = 1_024;

const COMPRESSIBLE = /^(?:text\/(?!event-stream)|application\/(?:[\w.+-]*json|javascript|xml)|image\/svg)/i;

/** Whether an answer gains by compression. */
export function isCompressible(headers: Headers, bytes: number): boolean {
  return bytes >= LEAST_BYTES && !headers.has("content-encoding") && !isVaried(headers) &&
    COMPRESSIBLE.test(headers.get("content-type") ?? "");
}

/** Somebody chose its encoding already. */
function isVaried(headers: Headers): boolean {
  return (headers.get("vary") ?? "").toLowerCase().includes("accept-encoding");
}

/** The body in an encoding; the levels are those that take a few milliseconds for the largest page. */
export function encoded(body: Uint8Array<ArrayBuffer>, encoding: Encoding): Uint8Array<ArrayBuffer> {
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
