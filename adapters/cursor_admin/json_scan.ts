const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** Where a run of array elements can be cut: indexes of bytes; -1 where there is none. */
export interface ElementCuts {
  /** The last comma between two elements. */
  readonly comma: number;
  /** The bracket that closes the array. */
  readonly close: number;
}

/**
 * Finds the borders of array elements in `bytes[from, to)`, which begins between two elements. Only nesting and strings
 * are looked at: what lies between the borders is for JSON.parse to judge.
 */
export function scanElements(bytes: Uint8Array, { from, to }: { from: number; to: number }): ElementCuts {
  let depth = 0;
  let comma = -1;
  for (let index = from; index < to; index++) {
    const byte = bytes[index];
    if (byte === QUOTE) {
      index = endOfString(bytes, index, to);
    } else if (byte === COMMA) {
      if (depth === 0) comma = index;
    } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      depth++;
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      if (depth === 0) return { comma, close: byte === CLOSE_BRACKET ? index : -1 };
      depth--;
    }
  }
  return { comma, close: -1 };
}

/** The index after the value that begins at `from`, which is no white space; -1 where its end is not in `bytes[from, to)`. */
export function scanValue(bytes: Uint8Array, { from, to }: { from: number; to: number }): number {
  let depth = 0;
  for (let index = from; index < to; index++) {
    const byte = bytes[index];
    if (byte === QUOTE) {
      index = endOfString(bytes, index, to);
      if (depth === 0 && index < to) return index + 1;
    } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      depth++;
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      if (depth === 0) return index;
      if (--depth === 0) return index + 1;
    } else if (depth === 0 && (byte === COMMA || byte === COLON || isWhiteSpace(byte))) {
      return index;
    }
  }
  return -1;
}

/** Space, tab, line feed or carriage return. */
export function isWhiteSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** The index of the quote that closes the string; `to` or more where it is not there. */
function endOfString(bytes: Uint8Array, open: number, to: number): number {
  for (let index = open + 1; index < to; index++) {
    const byte = bytes[index];
    if (byte === QUOTE) return index;
    if (byte === BACKSLASH) index++;
  }
  return to;
}
