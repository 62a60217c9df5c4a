import { type Drift, driftBetween, type Fingerprint, mergeFingerprints } from "./drift.ts";
import { RECOGNIZERS } from "./normalize.ts";

/** What one payload looks like. */
export interface ObservedShape {
  /** Last part of the URL's path, or "page". */
  readonly endpoint: string;
  /** Name of the shape that read it; null where none could. */
  readonly recognizer: string | null;
  readonly fingerprint: Fingerprint;
}

/** What an endpoint's payloads have looked like so far, and what the last one lacks of it. */
export interface PayloadShape {
  readonly endpoint: string;
  /** The last shape that could read it. */
  readonly recognizer: string;
  /** All that was seen. A type that a field has newly taken is left out, so that it stays a change while it lasts. */
  readonly fingerprint: Fingerprint;
  readonly seenAt: Temporal.Instant;
  /** What the last payload lacks. */
  readonly drift: Omit<Drift, "added">;
  /** Since when figures are lost; null where none are. */
  readonly driftedAt: Temporal.Instant | null;
}

/** A change of an endpoint's payloads that was not there the last time. */
export interface ShapeNews extends Drift {
  readonly endpoint: string;
}

/** The shapes after a capture, and what is new about them. */
interface ShapeUpdate {
  readonly shapes: readonly PayloadShape[];
  readonly news: readonly ShapeNews[];
}

const NO_DRIFT: PayloadShape["drift"] = { lost: [], retyped: [], lostFigures: [] };

/**
 * Compares a capture's payloads with what was seen before. Endpoints that no known shape has ever read are none of our
 * business. Several payloads of one endpoint (pages of events) count as one.
 */
export function updateShapes(
  seen: readonly PayloadShape[],
  { observed, at }: { observed: readonly ObservedShape[]; at: Temporal.Instant },
): ShapeUpdate {
  const shapes: PayloadShape[] = [];
  const news: ShapeNews[] = [];
  for (const [endpoint, payloads] of Map.groupBy(observed, (payload) => payload.endpoint)) {
    const before = seen.find((shape) => shape.endpoint === endpoint);
    const recognizer = payloads.find((payload) => payload.recognizer !== null)?.recognizer ?? before?.recognizer;
    if (recognizer === undefined) continue;
    const now = payloads.map(({ fingerprint }) => fingerprint).reduce(mergeFingerprints);
    if (before === undefined) {
      shapes.push({ endpoint, recognizer, fingerprint: now, seenAt: at, drift: NO_DRIFT, driftedAt: null });
      continue;
    }
    const drift = driftBetween(before.fingerprint, { now, needs: needsOf(before.recognizer) });
    shapes.push(shapeAfter(before, { recognizer, now, drift, at }));
    const fresh = newsOf(before, drift);
    if (fresh.added.length + fresh.lost.length + fresh.retyped.length > 0) news.push({ endpoint, ...fresh });
  }
  return { shapes, news };
}

/** Figures that are unknown now, each with the endpoint that used to tell it: "API cost (get-aggregated-usage-events)". */
export function lostFigures(shapes: readonly PayloadShape[]): string[] {
  return shapes.flatMap(({ endpoint, drift }) => drift.lostFigures.map((figure) => `${figure} (${endpoint})`));
}

function shapeAfter(
  before: PayloadShape,
  { recognizer, now, drift, at }: { recognizer: string; now: Fingerprint; drift: Drift; at: Temporal.Instant },
): PayloadShape {
  const { lost, retyped, lostFigures } = drift;
  const changed = new Set(retyped.map(({ path }) => path));
  const steady = Object.fromEntries(Object.entries(now).filter(([path]) => !changed.has(path)));
  return {
    endpoint: before.endpoint,
    recognizer: lostFigures.length > 0 ? before.recognizer : recognizer,
    fingerprint: mergeFingerprints(before.fingerprint, steady),
    seenAt: at,
    drift: { lost, retyped, lostFigures },
    driftedAt: lostFigures.length === 0 ? null : before.driftedAt ?? at,
  };
}

/** What was not so the last time. */
function newsOf({ drift: before }: PayloadShape, now: Drift): Drift {
  const known = new Set([...before.lost, ...before.retyped.map(({ path }) => path)]);
  return {
    added: now.added,
    lost: now.lost.filter((path) => !known.has(path)),
    retyped: now.retyped.filter(({ path }) => !known.has(path)),
    lostFigures: now.lostFigures,
  };
}

function needsOf(recognizer: string) {
  return RECOGNIZERS.find(({ name }) => name === recognizer)?.needs ?? [];
}

/** What payloads have looked like, by endpoint. */
export interface ShapeStore {
  /** In order of their endpoints. */
  list(): PayloadShape[];
  save(shape: PayloadShape): void;
}
