import type { ParsedPayload } from "../capture/capture.ts";
import type { Json } from "../json.ts";
import type { Need } from "./reading.ts";

/** What a value is, for drift: numbers written as text are told from other text, since Cursor sends both. */
type ValueType = "null" | "boolean" | "number" | "numeric_text" | "text" | "object" | "array";

/**
 * Which paths a payload has, and the types that stood there: `{"aggregations[].totalCents": ["number"]}`. All entries of
 * an array share one path, and so do keys that are data (model names): `*.numRequests`. Plain JSON, ready to be stored.
 */
export type Fingerprint = { readonly [path: string]: readonly ValueType[] };

/** What changed between what was seen so far and a payload. */
export interface Drift {
  readonly added: readonly string[];
  readonly lost: readonly string[];
  /** Paths that hold none of the types that they had, nulls apart. */
  readonly retyped: readonly { readonly path: string; readonly before: string; readonly after: string }[];
  /** Figures that are unknown now, since every field that tells them is lost or has another type. */
  readonly lostFigures: readonly string[];
}

const MAX_DEPTH = 12;
const FIELD_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const NUMERIC = /^-?\d+(\.\d+)?$/;

/** The key paths and types of a value. */
export function fingerprintOf(value: Json): Fingerprint {
  const types = new Map<string, Set<ValueType>>();
  collect(value, { path: "", depth: 0, types });
  return toFingerprint(types);
}

/** The fingerprint of a payload: of its JSON, or of the headings of a page's tables. */
export function payloadFingerprint(payload: ParsedPayload): Fingerprint {
  if (payload.kind === "network_json") return fingerprintOf(payload.body);
  const headings = payload.page.tables.flatMap((table) => table.headings);
  return Object.fromEntries(headings.map((heading) => [`table[].${heading}`, ["text"] as const]));
}

/** Everything that was seen in either. Zeros are omitted from payloads, so one alone does not show every path. */
export function mergeFingerprints(a: Fingerprint, b: Fingerprint): Fingerprint {
  const types = new Map(Object.entries(a).map(([path, list]) => [path, new Set(list)]));
  for (const [path, list] of Object.entries(b)) types.set(path, (types.get(path) ?? new Set()).union(new Set(list)));
  return toFingerprint(types);
}

/**
 * Compares a payload with what was seen so far. A path counts as lost only where the object that held it is still there
 * and not empty: `{}` is "no usage", not a new shape. `needs` are those of the recognizer that read the earlier payloads.
 */
export function driftBetween(
  seen: Fingerprint,
  { now, needs = [] }: { now: Fingerprint; needs?: readonly Need[] },
): Drift {
  const retyped = Object.keys(seen).flatMap((path) => retypedPath(path, { seen, now }));
  const lost = Object.keys(seen).filter((path) => !(path in now) && isParentFilled(path, now));
  const gone = new Set([...lost, ...lost.flatMap((path) => below(path, seen)), ...retyped.map(({ path }) => path)]);
  const lostFigures = needs.filter(({ anyOf }) => {
    const known = anyOf.filter((path) => path in seen);
    const isThere = anyOf.some((path) => path in now && !gone.has(path));
    return known.length > 0 && !isThere && known.every((path) => gone.has(path));
  }).map(({ figure }) => figure);
  return { added: Object.keys(now).filter((path) => !(path in seen)), lost, retyped, lostFigures };
}

function collect(
  value: Json,
  { path, depth, types }: { path: string; depth: number; types: Map<string, Set<ValueType>> },
): void {
  if (path !== "") types.set(path, (types.get(path) ?? new Set()).add(typeOf(value)));
  if (value === null || typeof value !== "object" || depth >= MAX_DEPTH) return;
  if (Array.isArray(value)) {
    for (const entry of value) collect(entry, { path: `${path}[]`, depth: depth + 1, types });
    return;
  }
  for (const [key, child] of Object.entries(value)) {
    const name = FIELD_NAME.test(key) ? key : "*";
    collect(child, { path: path === "" ? name : `${path}.${name}`, depth: depth + 1, types });
  }
}

function typeOf(value: Json): ValueType {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "string") return NUMERIC.test(value) ? "numeric_text" : "text";
  const type = typeof value;
  return type === "number" || type === "boolean" ? type : "object";
}

function toFingerprint(types: ReadonlyMap<string, ReadonlySet<ValueType>>): Fingerprint {
  return Object.fromEntries(
    [...types].sort(([a], [b]) => a < b ? -1 : 1).map(([path, set]) => [path, [...set].sort()]),
  );
}

/** A number may become text of digits and back, and anything may be null: readers take both. */
function retypedPath(
  path: string,
  { seen, now }: { seen: Fingerprint; now: Fingerprint },
): { path: string; before: string; after: string }[] {
  const plain = (types: readonly ValueType[]) =>
    new Set(types.filter((type) => type !== "null").map((type) => type === "numeric_text" ? "number" : type));
  const before = plain(seen[path] ?? []);
  const after = plain(now[path] ?? []);
  const isSame = before.size === 0 || after.size === 0 || !before.isDisjointFrom(after);
  return isSame ? [] : [{ path, before: [...before].join(" or "), after: [...after].join(" or ") }];
}

/** Whether the object that held the path still holds other things. The payload itself always counts as there. */
function isParentFilled(path: string, now: Fingerprint): boolean {
  const end = Math.max(path.lastIndexOf("."), path.endsWith("[]") ? path.length - 2 : -1);
  const paths = Object.keys(now);
  if (end < 0) return paths.length > 0;
  const parent = path.slice(0, end);
  return path.endsWith("[]") ? false : paths.some((other) => other.startsWith(`${parent}.`));
}

function below(path: string, seen: Fingerprint): string[] {
  return Object.keys(seen).filter((other) => other.startsWith(`${path}.`) || other.startsWith(`${path}[]`));
}
