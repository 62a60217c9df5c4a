import type { MiddlewareHandler } from "@hono/hono";
import type { Problem } from "./problem.ts";
import { problemResponse } from "./problem.ts";
import type { Arrival, BodyLimits, RequestBodies } from "./request_body.ts";

/** No request can be made with these; no route has them either, which is for the check of methods to say. */
const NEVER_MADE: ReadonlySet<string> = new Set(["TRACE", "TRACK", "CONNECT"]);

/** Reads the whole body before a route does; one that is too long or late is refused. */
export function bodyGuard(bodies: RequestBodies): MiddlewareHandler {
  return async function readBody(context, next) {
    const { raw } = context.req;
    if (raw.body === null || NEVER_MADE.has(raw.method)) return await next();
    const arrival = await bodies.arrivalOf(raw.body);
    if (arrival.kind !== "whole") return problemResponse(context, problemOf(arrival, bodies.limits));
    context.req.raw = new Request(raw.url, { method: raw.method, headers: raw.headers, body: arrival.bytes });
    await next();
  };
}

/**
 * Ends the connection after the answer where a part of the request's body is still to come: a server that waited for it
 * could be held up by anybody.
 */
export async function endUnread(request: Request, { response, bodies }: {
  response: Response;
  bodies: RequestBodies;
}): Promise<Response> {
  if (request.body === null) {
    return request.headers.has("transfer-encoding") || Number(request.headers.get("content-length") ?? 0) > 0
      ? ending(response, await response.bytes())
      : response;
  }
  const arrival = await bodies.arrivalOf(request.body);
  // The runtime holds on to a connection whose body was being waited for, until the listener cuts it off.
  if (arrival.kind === "late") return closing(response);
  const isRead = arrival.kind === "whole" || (arrival.kind === "too_long" && arrival.isRead);
  return isRead ? response : ending(response, await response.bytes());
}

function closing(response: Response): Response {
  const headers = new Headers(response.headers);
  headers.set("connection", "close");
  return new Response(response.body, { status: response.status, headers });
}

/** The answer in full, then an error: the runtime takes it as the sign to close the connection. */
function ending(response: Response, bytes: Uint8Array): Response {
  const headers = new Headers(response.headers);
  headers.set("connection", "close");
  headers.set("content-length", String(bytes.byteLength));
  let isSent = false;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (isSent) return controller.error(new Error("The request's body did not end"));
      isSent = true;
      controller.enqueue(bytes);
    },
  }, { highWaterMark: 0 });
  return new Response(body, { status: response.status, headers });
}

function problemOf(arrival: Exclude<Arrival, { kind: "whole" }>, { maxBytes, withinMs }: BodyLimits): Problem {
  switch (arrival.kind) {
    case "too_long":
      return { status: 413, title: "Content too large", detail: `The body must have at most ${maxBytes} bytes.` };
    case "late": {
      const detail = `The body must arrive within ${withinMs / 1_000} seconds.`;
      return { status: 408, title: "Request timeout", detail };
    }
    case "cut_short":
      return { status: 400, title: "Bad request", detail: "The body ended before its time." };
  }
}
