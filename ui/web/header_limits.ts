import type { MiddlewareHandler } from "@hono/hono";
import { problemResponse } from "./problem.ts";

/** Far more than any browser sends us; the runtime itself gives up at 64 KiB. */
const LONGEST_ADDRESS = 4_096;
const MOST_HEADER_BYTES = 16_384;

/** Refuses addresses and headers that no honest client sends. */
export function limitHeaders(): MiddlewareHandler {
  return async function checkHeaders(context, next) {
    const { raw } = context.req;
    if (raw.url.length > LONGEST_ADDRESS) {
      const detail = `The address must have at most ${LONGEST_ADDRESS} characters.`;
      return problemResponse(context, { status: 414, title: "URI too long", detail });
    }
    let bytes = 0;
    for (const [name, value] of raw.headers) bytes += name.length + value.length;
    if (bytes <= MOST_HEADER_BYTES) return await next();
    const detail = `The headers must have at most ${MOST_HEADER_BYTES} bytes.`;
    return problemResponse(context, { status: 431, title: "Request header fields too large", detail });
  };
}
