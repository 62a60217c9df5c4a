import { isJsonObject, type Json } from "../../domain/json.ts";

/** A part of a month's file that is read as a stream: a field, or some of the elements of a long list. */
export type FilePart =
  | { readonly kind: "field"; readonly key: string; readonly value: Json }
  /** A list without any has one empty batch. */
  | { readonly kind: "elements"; readonly key: string; readonly values: readonly Json[] };

/** The file is not written as this program writes it. It may be whole all the same. */
export class NotInLines extends Error {
  override readonly name = "NotInLines";
}

/** How a file is read. */
export interface ReadOptions {
  readonly signal: AbortSignal;
  /** How much is read, parsed and given out at a time. Default 64 KiB: what fits a processor's cache is parsed faster. */
  readonly chunkBytes?: number;
}

/** Neither one line nor the fields between two lists may be longer: 64 MiB. */
const MAX_LENGTH = 64 * 1024 * 1024;
const LINE_FEED = 0x0a;
const START = '{\n"';

/**
 * Reads a file as this program writes it: a JSON object with one field a line, of which the `lists` have one element a
 * line. It takes the memory of one chunk, and lets JSON.parse judge all lines of a chunk together.
 * @throws NotInLines as soon as the file is not of this form; what was given out before stands in it all the same.
 */
export async function* readLines(
  path: string,
  { lists, ...options }: ReadOptions & { lists: readonly string[] },
): AsyncGenerator<FilePart> {
  using file = await Deno.open(path);
  await requireStart(file);
  const reader = new LineReader(lists);
  for await (const lines of linesOf(file, options)) yield* reader.read(lines);
  yield* reader.end();
}

/** Looked at first: another tool's file may be one line of any length. */
async function requireStart(file: Deno.FsFile): Promise<void> {
  const start = new Uint8Array(START.length);
  await file.read(start);
  await file.seek(0, Deno.SeekMode.Start);
  if (new TextDecoder().decode(start) !== START) throw new NotInLines("it begins otherwise");
}

/** The lines of a file, each with its line feed, some at a time. */
async function* linesOf(
  file: Deno.FsFile,
  { signal, chunkBytes = 1 << 16 }: ReadOptions,
): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  let bytes = new Uint8Array(chunkBytes);
  let length = 0;
  for (;;) {
    signal.throwIfAborted();
    const read = await file.read(bytes.subarray(length));
    if (read === null) break;
    length += read;
    const end = bytes.subarray(0, length).lastIndexOf(LINE_FEED) + 1;
    if (end > 0) {
      yield orNotInLines(() => decoder.decode(bytes.subarray(0, end)));
      bytes.copyWithin(0, end, length);
      length -= end;
    } else if (length === bytes.length) {
      requireLength(length);
      const larger = new Uint8Array(2 * length);
      larger.set(bytes);
      bytes = larger;
    }
  }
  if (length > 0) throw new NotInLines("its last line does not end");
}

/** Goes over the lines of a file, some at a time. */
class LineReader {
  readonly #opening: RegExp;
  readonly #keys = new Set<string>();
  /** The list that is being read; null between two. */
  #list: string | null = null;
  /** In a list: whether there was a comma, so that another element must follow; null before the first. */
  #isAfterComma: boolean | null = null;
  /** The list that was read last; null before the first. */
  #closed: string | null = null;
  /** Lines between two lists, with what makes them an object of their own. */
  #fields = "";

  constructor(lists: readonly string[]) {
    this.#opening = new RegExp(`^"(${lists.join("|")})":\\[\n`, "m");
  }

  *read(lines: string): Generator<FilePart> {
    for (let rest = lines; rest !== "";) {
      rest = this.#list === null ? yield* this.#between(rest) : yield* this.#within(rest, this.#list);
    }
  }

  /** The fields after the last list. */
  *end(): Generator<FilePart> {
    if (this.#list !== null) throw new NotInLines("it ends within a list");
    yield* this.#parsed(this.#fields);
  }

  /** Returns what it leaves: the lines of the list that begins. */
  *#between(lines: string): Generator<FilePart, string> {
    const opening = this.#opening.exec(lines);
    if (opening === null) {
      this.#fields += lines;
      requireLength(this.#fields.length);
      return "";
    }
    const [line, key = ""] = opening;
    const end = opening.index + line.length;
    yield* this.#parsed(`${this.#fields}${lines.slice(0, end)}]}`, key);
    this.#list = key;
    this.#isAfterComma = null;
    return lines.slice(end);
  }

  /** Returns what it leaves: the line that closes the list, and what follows it. */
  *#within(lines: string, key: string): Generator<FilePart, string> {
    const close = lines.startsWith("]") ? 0 : lines.indexOf("\n]") + 1;
    const isClosed = close > 0 || lines.startsWith("]");
    const elements = lines.slice(0, isClosed ? close : lines.length).trimEnd();
    if (elements !== "") {
      if (this.#isAfterComma === false) throw new NotInLines("a comma is missing");
      this.#isAfterComma = elements.endsWith(",");
      const values = parse(`[${this.#isAfterComma ? elements.slice(0, -1) : elements}]`);
      yield { kind: "elements", key, values: Array.isArray(values) ? values : [] };
    }
    if (!isClosed) return "";
    if (this.#isAfterComma === true) throw new NotInLines("there is a comma too many");
    this.#list = null;
    this.#closed = key;
    this.#fields = `{"${key}":[`;
    return lines.slice(close);
  }

  /** The fields of the lines that were gathered; `opened` is the list that begins on the last of them. */
  *#parsed(text: string, opened: string | null = null): Generator<FilePart> {
    const object = parse(text);
    if (!isJsonObject(object)) throw new NotInLines("it is no object");
    const fields = Object.entries(object).filter(([key]) => key !== this.#closed);
    // JSON.parse lets the last of two fields of one name win without a word.
    if ((text.match(/^"/gm)?.length ?? 0) !== fields.length || fields.some(([key]) => this.#keys.has(key))) {
      throw new NotInLines("it has not one field a line");
    }
    for (const [key, value] of fields) {
      this.#keys.add(key);
      yield key === opened ? { kind: "elements", key, values: [] } : { kind: "field", key, value };
    }
  }
}

function parse(text: string): Json {
  return orNotInLines(() => JSON.parse(text) as Json); // any JSON text is Json
}

function orNotInLines<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new NotInLines("it is not JSON", { cause });
  }
}

function requireLength(length: number): void {
  if (length > MAX_LENGTH) throw new NotInLines("a line is too long");
}
