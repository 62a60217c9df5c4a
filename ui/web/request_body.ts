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

/** Reads the whole body before a route does; one that is too long or late is refused. */
export function bodyGuard(limits: BodyLimits = BODY_LIMITS): MiddlewareHandler {
  return async function readBody(context, next) {
    const { raw } = context.req;
    // Reads have none, and to ask for it costs more than the rest of what is done here.
    if (raw.method === "GET" || raw.method === "HEAD" || raw.body === null) return await next();
    const arrival = await read(raw.body, limits);
    if (arrival.kind === "whole") {
      context.req.raw = new Request(raw.url, { method: raw.method, headers: raw.headers, body: arrival.bytes });
      return await next();
    }
    // A server that waited for the rest could be held up by anybody.
    if (arrival.kind !== "too_long" || !arrival.isRead) context.header("connection", "close");
    return problemResponse(context, problemOf(arrival, limits));
  };
}

async function read(body: ReadableStream<Uint8Array>, { maxBytes, withinMs }: BodyLimits): Promise<Arrival> {
  const reader = body.getReader();
  const late = Promise.withResolvers<"late">();
  const timer = setTimeout(() => late.resolve("late"), withinMs);
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    while (length <= DISCARDED_BYTES) {
      const next = await Promise.race([reader.read(), late.promise]);
      if (next === "late") {
        reader.cancel().catch(() => undefined); // The client may be gone already.
        return { kind: "late" };
      }
      if (next.done) {
        return length <= maxBytes
          ? { kind: "whole", bytes: joined(parts, length) }
          : { kind: "too_long", isRead: true };
      }
      length += next.value.byteLength;
      if (length <= maxBytes) parts.push(next.value);
    }
    return { kind: "too_long", isRead: false };
  } catch {
    return { kind: "cut_short" }; // The client has gone.
  } finally {
    clearTimeout(timer);
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
