import type { Capture, PageReader, RawPayload } from "../capture/capture.ts";
import { payloadFingerprint } from "./drift.ts";
import { merge, normalize, type Normalized, parsePayload, type PayloadReading, readPayload } from "./normalize.ts";
import type { ObservedShape } from "./shapes.ts";

/** A capture's figures, and what its payloads look like. */
export interface ReadCapture extends Normalized {
  readonly shapes: readonly ObservedShape[];
}

/**
 * The figures of a capture with today's recognizers, and the shapes of its payloads. Those that say "nothing" tell
 * nothing about their shape.
 */
export function readCapture({ payloads, capturedAt }: Capture, pages: PageReader): ReadCapture {
  const parsed = payloads.map((payload) => parsePayload(payload, pages));
  const normalized = normalize(parsed, capturedAt);
  const shapes = parsed.flatMap((payload, place): ObservedShape[] => {
    const { recognizer = null, isEmpty = false } = normalized.payloads[place] ?? {};
    if (payload === null || isEmpty) return [];
    const endpoint = payload.kind === "html" ? "page" : payload.endpoint;
    return [{ endpoint, recognizer, fingerprint: payloadFingerprint(payload) }];
  });
  return { ...normalized, shapes };
}

/** What a reader of payloads needs. */
interface PayloadReaderOptions {
  readonly pages: PageReader;
  /** Told of each payload that is no whole JSON though it was answered well. */
  readonly onBroken?: (payload: RawPayload) => void;
}

/** Reads payloads that come one after another: each of them once, however often the figures so far are asked for. */
export class PayloadReader {
  readonly #options: PayloadReaderOptions;
  readonly #readings = new WeakMap<RawPayload, PayloadReading>();

  constructor(options: PayloadReaderOptions) {
    this.#options = options;
  }

  /** The figures of these payloads, which may have been read before. */
  read(payloads: readonly RawPayload[], now: Temporal.Instant): Normalized {
    return merge(payloads.map((payload) => this.#reading(payload, now)), now);
  }

  #reading(payload: RawPayload, now: Temporal.Instant): PayloadReading {
    const known = this.#readings.get(payload);
    if (known !== undefined) return known;
    const parsed = parsePayload(payload, this.#options.pages);
    if (parsed === null && payload.status < 300) this.#options.onBroken?.(payload);
    const reading = readPayload(parsed, now);
    this.#readings.set(payload, reading);
    return reading;
  }
}
