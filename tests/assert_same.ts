import assert from "node:assert/strict";

/**
 * assert.deepEqual() for values that hold Temporal objects: node's takes any two of a kind for equal, as they have no
 * properties of their own. They are compared as their ISO text. @throws TypeError for a Map or Set, which has no JSON.
 */
export function assertSame(actual: unknown, expected: unknown, message?: string): void {
  if (message === undefined) assert.deepEqual(plain(actual), plain(expected));
  else assert.deepEqual(plain(actual), plain(expected), message);
}

/** The value with each Temporal object as its ISO text; everything else stays what it is. */
function plain(value: unknown): unknown {
  if (value instanceof Map || value instanceof Set) {
    throw new TypeError("Cannot compare a Map or Set as its entries would be lost: spread it into an array");
  }
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  if (Object.prototype.toString.call(value).startsWith("[object Temporal.")) return String(value);
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, plain(entry)]));
}
