import type { Capture, PageReader, ParsedPayload } from "../capture/capture.ts";
import { payloadFingerprint } from "./drift.ts";
import { normalize, type Normalized, parsePayload } from "./normalize.ts";
import type { ObservedShape } from "./shapes.ts";

/** A capture's figures, and what its payloads look like. */
export interface ReadCapture extends Normalized {
  readonly shapes: readonly ObservedShape[];
}

/** The figures of a capture with today's recognizers, and the place of the payload that its rows came from. */
export function normalizeCapture(capture: Capture, pages: PageReader): Normalized {
  return normalize(parse(capture, pages), capture.capturedAt);
}

/** The same, with the shapes of the payloads. Those that say "nothing" tell nothing about their shape. */
export function readCapture(capture: Capture, pages: PageReader): ReadCapture {
  const parsed = parse(capture, pages);
  const normalized = normalize(parsed, capture.capturedAt);
  const shapes = parsed.flatMap((payload, place): ObservedShape[] => {
    const { recognizer = null, isEmpty = false } = normalized.payloads[place] ?? {};
    if (payload === null || isEmpty) return [];
    const endpoint = payload.kind === "html" ? "page" : payload.endpoint;
    return [{ endpoint, recognizer, fingerprint: payloadFingerprint(payload) }];
  });
  return { ...normalized, shapes };
}

function parse(capture: Capture, pages: PageReader): (ParsedPayload | null)[] {
  return capture.payloads.map((payload) => parsePayload(payload, pages));
}
