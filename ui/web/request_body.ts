import { HttpProblem, type Problem, problemResponse } from "./problem.ts";
import type { Context, MiddlewareHandler } from "@hono/hono";
import { bodyLimit } from "@hono/hono/body-limit";

/** What bodies are held to: no route takes a longer one. */
interface BodyLimits {
  readonly maxBytes: number;
  readonly withinMs: number;
}

const BODY_LIMITS: BodyLimits = { maxBytes: 4_096, withinMs: 10_000 };

/** How much of a body that is too long is still read, so that its sender gets the answer and not a reset. */
const DISCARDED_BYTES = 262_144;

/** A body as it arrived, or why it did not. */
type Arrival =
  | { readonly kind: "whole"; readonly bytes: Uint8Array<ArrayBuffer> }
  /** `isRead`: the connection can go on, as nothing of the body is left in it. */
  | { readonly kind: "too_long"; readonly isRead: boolean }
  | { readonly kind: "late" | "cut_short" };

/** Reads the bodies of requests, each once, within limits of size and time. */
export class RequestBodies {
  readonly #limits: BodyLimits;
  readonly #arrivals = new WeakMap<ReadableStream<Uint8Array>, Promise<Arrival>>();

  constructor(limits: BodyLimits = BODY_LIMITS) {
    this.#limits = limits;
  }

  get limits(): BodyLimits {
    return this.#limits;
  }

  arrivalOf(body: ReadableStream<Uint8Array>): Promise<Arrival> {
    const known = this.#arrivals.get(body);
    if (known !== undefined) return known;
    const arrival = this.#read(body);
    this.#arrivals.set(body, arrival);
    return arrival;
  }

  async #read(body: ReadableStream<Uint8Array>): Promise<Arrival> {
    const reader = body.getReader();
    const late = Promise.withResolvers<"late">();
    const timer = setTimeout(() => late.resolve("late"), this.#limits.withinMs);
    const parts: Uint8Array[] = [];
    let length = 0;
    try {
      while (length <= DISCARDED_BYTES) {
        const read = await Promise.race([reader.read(), late.promise]);
        if (read === "late") {
          reader.cancel().catch(() => undefined); // The client may be gone already.
          return { kind: "late" };
        }
        if (read.done) {
          const isWhole = length <= this.#limits.maxBytes;
          return isWhole ? { kind: "whole", bytes: joined(parts, length) } : { kind: "too_long", isRead: true };
        }
        length += read.value.byteLength;
        if (length <= this.#limits.maxBytes) parts.push(read.value);
      }
      return { kind: "too_long", isRead: false };
    } catch {
      return { kind: "cut_short" }; // The client has gone.
    } finally {
      clearTimeout(timer);
    }
  }
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.byteLength;
  }
  return all;
}

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

const LONGEST_FORM_BYTES = 4_096;

/** The fields of a posted form, however often it is asked for. @throws HttpProblem where the body is too long. */
export async function readForm(context: Context): Promise<ReadonlyMap<string, string>> {
  const type = context.req.header("content-type") ?? "";
  // Such as a browser's fetch without a body: it has no field, which is for the caller to refuse.
  if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(type)) return new Map();
  if (context.req.bodyCache.text === undefined) {
    const limit = bodyLimit({ maxSize: LONGEST_FORM_BYTES, onError: refuseLongForm });
    await limit(context, async () => void await context.req.text());
  }
  return new Map(new URLSearchParams(await context.req.text()));
}

function refuseLongForm(): never {
  const detail = `The form must have at most ${LONGEST_FORM_BYTES} bytes.`;
  throw new HttpProblem({ status: 413, title: "Content too large", detail });
}
