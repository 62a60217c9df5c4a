import type { Json } from "../../domain/json.ts";

/** A part of a JSON object that is read as a stream: a field, or some of the elements of its one long array. */
export type DocumentPart =
  | { readonly kind: "field"; readonly key: string; readonly value: Json }
  | { readonly kind: "elements"; readonly values: Json[] };

/** How a document is read. */
interface DocumentOptions {
  /** The field whose array is given out in batches. */
  readonly arrayKey: string;
  readonly signal: AbortSignal;
  /** How much is read, and given out, at a time. Default 64 KiB: what fits a processor's cache is parsed faster. */
  readonly chunkBytes?: number;
}

/** The file is not the JSON that it should be. */
export class DamagedDocument extends Error {
  override readonly name = "DamagedDocument";
}

/** No single value but the array may be larger: 64 MiB. */
const MAX_VALUE_BYTES = 64 * 1024 * 1024;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const BYTE_ORDER_MARK = "\ufeff";

/**
 * Reads a JSON object whose one array may have any number of elements, in memory for one chunk.
 * @throws DamagedDocument where the file is cut off or is no such object.
 */
export async function* readDocument(path: string, options: DocumentOptions): AsyncGenerator<DocumentPart> {
  using file = await Deno.open(path);
  const document = new DocumentReader(file, options);
  yield* document.parts();
}

class DocumentReader {
  readonly #file: Deno.FsFile;
  readonly #arrayKey: string;
  readonly #signal: AbortSignal;
  readonly #decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  #bytes: Uint8Array<ArrayBuffer>;
  #from = 0;
  #to = 0;

  constructor(file: Deno.FsFile, { arrayKey, signal, chunkBytes = 1 << 16 }: DocumentOptions) {
    this.#file = file;
    this.#arrayKey = arrayKey;
    this.#signal = signal;
    this.#bytes = new Uint8Array(chunkBytes);
  }

  async *parts(): AsyncGenerator<DocumentPart> {
    await this.#skipByteOrderMark();
    await this.#expect("{");
    if (await this.#peek() === "}") return await this.#end();
    const keys = new Set<string>();
    do {
      const key = await this.#value();
      if (typeof key !== "string" || keys.has(key)) throw new DamagedDocument("it has a bad or a double field name");
      keys.add(key);
      await this.#expect(":");
      if (key === this.#arrayKey) yield* this.#elements();
      else yield { kind: "field", key, value: await this.#value() };
    } while (await this.#isFollowedByComma());
    await this.#end();
  }

  async *#elements(): AsyncGenerator<DocumentPart> {
    await this.#expect("[");
    for (let isAfterComma = false;; isAfterComma = true) {
      const { cut, isLast } = await this.#cut();
      const values = this.#parse(this.#arrayText(cut));
      if (!Array.isArray(values)) throw new DamagedDocument(`its "${this.#arrayKey}" is no array`);
      if (values.length === 0 && (isAfterComma || !isLast)) throw new DamagedDocument("it has a stray comma");
      this.#from = cut + 1;
      yield { kind: "elements", values };
      if (isLast) return;
    }
  }

  /** Where the elements at hand end; reads on where not even one is whole. */
  async #cut(): Promise<{ cut: number; isLast: boolean }> {
    for (;;) {
      const { comma, close } = scanElements(this.#bytes, { from: this.#from, to: this.#to });
      if (close >= 0) return { cut: close, isLast: true };
      if (comma >= 0) return { cut: comma, isLast: false };
      await this.#fillOrFail();
    }
  }

  async #value(): Promise<Json> {
    await this.#peek();
    for (;;) {
      const end = scanValue(this.#bytes, { from: this.#from, to: this.#to });
      if (end >= 0) {
        const value = this.#parse(this.#text(end));
        this.#from = end;
        return value;
      }
      await this.#fillOrFail();
    }
  }

  /** The next character that is no white space, which stays. */
  async #peek(): Promise<string> {
    for (;;) {
      while (this.#from < this.#to && isWhiteSpace(this.#bytes[this.#from])) this.#from++;
      if (this.#from < this.#to) return String.fromCharCode(this.#bytes[this.#from] ?? 0);
      await this.#fillOrFail();
    }
  }

  async #expect(character: string): Promise<void> {
    const found = await this.#peek();
    if (found !== character) throw new DamagedDocument(`it has "${found}" where "${character}" must be`);
    this.#from++;
  }

  async #isFollowedByComma(): Promise<boolean> {
    if (await this.#peek() !== ",") return false;
    this.#from++;
    return true;
  }

  /** The closing brace, and nothing after it. */
  async #end(): Promise<void> {
    await this.#expect("}");
    do {
      if (!this.#bytes.subarray(this.#from, this.#to).every(isWhiteSpace)) {
        throw new DamagedDocument("it goes on after its end");
      }
      this.#from = this.#to;
    } while (await this.#fill());
  }

  async #skipByteOrderMark(): Promise<void> {
    await this.#fill();
    const length = new TextEncoder().encode(BYTE_ORDER_MARK).length;
    if (this.#text(Math.min(length, this.#to)) === BYTE_ORDER_MARK) this.#from = length;
  }

  async #fillOrFail(): Promise<void> {
    if (!await this.#fill()) throw new DamagedDocument("it is cut off");
  }

  /** Reads on behind what is left, with more room where that fills the buffer; false at the end of the file. */
  async #fill(): Promise<boolean> {
    this.#signal.throwIfAborted();
    // The byte before the rest stays: it is where an array's bracket goes.
    const left = this.#bytes.subarray(Math.max(0, this.#from - 1), this.#to);
    if (left.length === this.#bytes.length) {
      if (left.length >= MAX_VALUE_BYTES) throw new DamagedDocument("one of its values is too large");
      const larger = new Uint8Array(this.#bytes.length * 2);
      larger.set(left);
      this.#bytes = larger;
    } else {
      this.#bytes.copyWithin(0, left.byteOffset, this.#to);
    }
    this.#from = Math.min(this.#from, 1);
    this.#to = left.length;
    const read = await this.#file.read(this.#bytes.subarray(this.#to));
    this.#to += read ?? 0;
    return read !== null;
  }

  /**
   * The elements before `cut` as an array. The bytes around them, brackets or commas, have been read: brackets are put in
   * their place, which spares the parser a text that is glued together.
   */
  #arrayText(cut: number): string {
    this.#from--;
    this.#bytes[this.#from] = OPEN_BRACKET;
    this.#bytes[cut] = CLOSE_BRACKET;
    return this.#text(cut + 1);
  }

  #text(end: number): string {
    try {
      return this.#decoder.decode(this.#bytes.subarray(this.#from, end));
    } catch (cause) {
      throw new DamagedDocument("it is not UTF-8", { cause });
    }
  }

  #parse(text: string): Json {
    try {
      return JSON.parse(text) as Json; // any JSON text is Json
    } catch (cause) {
      throw new DamagedDocument("it is not JSON", { cause });
    }
  }
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;

const BACKSLASH = 0x5c;

const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** Where a run of array elements can be cut: indexes of bytes; -1 where there is none. */
interface ElementCuts {
  /** The last comma between two elements. */
  readonly comma: number;
  /** The bracket that closes the array. */
  readonly close: number;
}

/**
 * Finds the borders of array elements in `bytes[from, to)`, which begins between two elements. Only nesting and strings
 * are looked at: what lies between the borders is for JSON.parse to judge.
 */
function scanElements(bytes: Uint8Array, { from, to }: { from: number; to: number }): ElementCuts {
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
function scanValue(bytes: Uint8Array, { from, to }: { from: number; to: number }): number {
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
function isWhiteSpace(byte: number | undefined): boolean {
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
