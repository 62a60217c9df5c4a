import type { Json } from "../../domain/json.ts";
import type { FilePart, ReadOptions } from "./lines.ts";
import { JSONParser, type ParsedElementInfo, TokenType } from "@streamparser/json";

/** The file is not the JSON that it should be. */
export class DamagedFile extends Error {
  override readonly name = "DamagedFile";
}

/** No single value may be larger: 64 MiB. */
const MAX_VALUE_BYTES = 64 * 1024 * 1024;

/**
 * Reads a JSON object in whatever way it is laid out: some of its `fields`, and its `list` in batches. Other fields are
 * passed over. It takes the memory of the largest value.
 * @throws DamagedFile where it is cut off, or is no such object.
 */
export async function* readAnyJson(
  path: string,
  { signal, chunkBytes = 1 << 16, ...wanted }: ReadOptions & { fields: readonly string[]; list: string },
): AsyncGenerator<FilePart> {
  using file = await Deno.open(path);
  const parser = new ObjectParser(wanted);
  const bytes = new Uint8Array(chunkBytes);
  for (;;) {
    signal.throwIfAborted();
    const read = await file.read(bytes);
    if (read === null) break;
    yield* parser.write(bytes.subarray(0, read));
  }
  parser.end();
}

/** Gathers what the library finds in the bytes that it is given. */
class ObjectParser {
  readonly #parser: JSONParser;
  readonly #list: string;
  readonly #names = new Set<string>();
  #parts: ({ kind: "field"; key: string; value: Json } | { kind: "elements"; key: string; values: Json[] })[] = [];
  /** How many objects and arrays are open. */
  #depth = 0;
  /** The last text in the outermost object: a field's name, or its value. */
  #text = "";
  #bytesOfValue = 0;

  constructor({ fields, list }: { fields: readonly string[]; list: string }) {
    this.#list = list;
    this.#parser = new JSONParser({ paths: [...fields.map((field) => `$.${field}`), `$.${list}.*`], keepStack: false });
    this.#parser.onToken = (token) => this.#see(token);
    this.#parser.onValue = (found) => this.#take(found);
  }

  *write(bytes: Uint8Array): Generator<FilePart> {
    this.#bytesOfValue += bytes.length;
    if (this.#bytesOfValue > MAX_VALUE_BYTES) throw new DamagedFile("one of its values is too large");
    this.#parts = [];
    try {
      this.#parser.write(bytes);
    } catch (cause) {
      throw cause instanceof DamagedFile ? cause : new DamagedFile("it is not JSON", { cause });
    }
    yield* this.#parts;
  }

  end(): void {
    if (!this.#parser.isEnded) throw new DamagedFile("it is cut off");
  }

  #see({ token, value }: { token: TokenType; value?: unknown }): void {
    if (token === TokenType.LEFT_BRACE || token === TokenType.LEFT_BRACKET) {
      if (this.#depth === 0 && token === TokenType.LEFT_BRACKET) throw new DamagedFile("it is no object");
      if (this.#depth === 1 && this.#text === this.#list) this.#openList(token);
      this.#depth++;
    } else if (token === TokenType.RIGHT_BRACE || token === TokenType.RIGHT_BRACKET) this.#depth--;
    else if (this.#depth === 1 && token === TokenType.STRING) this.#text = String(value);
    else if (this.#depth === 1 && token === TokenType.COLON) {
      if (this.#names.has(this.#text)) throw new DamagedFile(`it has two fields "${this.#text}"`);
      this.#names.add(this.#text);
    }
  }

  #openList(token: TokenType): void {
    if (token !== TokenType.LEFT_BRACKET) throw new DamagedFile(`its "${this.#list}" is no array`);
    this.#parts.push({ kind: "elements", key: this.#list, values: [] });
  }

  #take({ value, key, stack }: ParsedElementInfo): void {
    this.#bytesOfValue = 0;
    const json = value as Json; // what is read from JSON is nothing else
    if (stack.length === 1) {
      this.#parts.push({ kind: "field", key: String(key), value: json });
      return;
    }
    const last = this.#parts.at(-1);
    if (last?.kind === "elements") last.values.push(json);
    else this.#parts.push({ kind: "elements", key: this.#list, values: [json] });
  }
}
