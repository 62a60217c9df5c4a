/** What bodies are held to: no route takes a longer one. */
export interface BodyLimits {
  readonly maxBytes: number;
  readonly withinMs: number;
}

export const BODY_LIMITS: BodyLimits = { maxBytes: 4_096, withinMs: 10_000 };

/** How much of a body that is too long is still read, so that its sender gets the answer and not a reset. */
const DISCARDED_BYTES = 262_144;

/** A body as it arrived, or why it did not. */
export type Arrival =
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
