const BLOCK = 512;
const TYPE_OFFSET = 156;
const CHECKSUM = { start: 148, end: 156 } as const;
const REGULAR_FILE = new Set(["0", "\0"]);

/** What is wrong with an archive, in words that continue "as". */
export class DamagedArchive extends Error {
  override readonly name = "DamagedArchive";
}

/** A file of an archive. Its content must be read to the end before the next one is asked for. */
export interface TarFile {
  readonly name: string;
  readonly size: number;
  readonly content: AsyncIterable<Uint8Array<ArrayBuffer>>;
}

/**
 * The files of a tar archive, one after another. It takes plain files only, as `writeBackup` makes them: links, devices,
 * folders and extended headers, which a general reader would follow or hold in memory, are refused. @throws DamagedArchive
 */
export async function* readTar(chunks: AsyncIterable<Uint8Array<ArrayBuffer>>): AsyncGenerator<TarFile> {
  const source = new ByteSource(chunks);
  while (true) {
    const header = await source.exactly(BLOCK);
    if (header.every((byte) => byte === 0)) break;
    const { name, size } = parseHeader(header);
    let left = size;
    yield {
      name,
      size,
      content: (async function* () {
        while (left > 0) {
          const chunk = await source.upTo(left);
          left -= chunk.length;
          yield chunk;
        }
      })(),
    };
    if (left > 0) throw new Error(`The file "${name}" of the archive was not read to its end`);
    await source.exactly((BLOCK - size % BLOCK) % BLOCK);
  }
  await source.onlyZeros();
}

function parseHeader(header: Uint8Array): { name: string; size: number } {
  const sum = header.reduce((sum, byte, at) => sum + (at >= CHECKSUM.start && at < CHECKSUM.end ? 0x20 : byte), 0);
  if (sum !== octal(header.subarray(CHECKSUM.start, CHECKSUM.end))) throw new DamagedArchive("it is damaged");
  const name = text(header.subarray(0, 100));
  const type = String.fromCharCode(header[TYPE_OFFSET] ?? 0);
  if (!REGULAR_FILE.has(type) || text(header.subarray(345, 500)) !== "") {
    throw new DamagedArchive(`it holds something that is not a plain file: "${name}"`);
  }
  return { name, size: sizeOf(header.subarray(124, 136)) };
}

/** Octal digits, or from 8 GiB on big-endian bytes after 0x80. */
function sizeOf(field: Uint8Array): number {
  const size = field[0] === 0x80 ? field.subarray(1).reduce((size, byte) => size * 256 + byte, 0) : octal(field);
  if (!Number.isSafeInteger(size)) throw new DamagedArchive("it is damaged");
  return size;
}

function octal(field: Uint8Array): number {
  const digits = text(field).trim();
  return /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number.NaN;
}

function text(field: Uint8Array): string {
  const end = field.indexOf(0);
  return new TextDecoder().decode(end < 0 ? field : field.subarray(0, end));
}

/** Bytes by number from chunks of any size. */
class ByteSource {
  readonly #chunks: AsyncIterator<Uint8Array<ArrayBuffer>>;
  #rest = new Uint8Array();

  constructor(chunks: AsyncIterable<Uint8Array<ArrayBuffer>>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** At least one byte and at most `max`. @throws DamagedArchive at the end. */
  async upTo(max: number): Promise<Uint8Array<ArrayBuffer>> {
    if (!await this.#fill()) throw new DamagedArchive("it is truncated");
    const taken = this.#rest.subarray(0, max);
    this.#rest = this.#rest.subarray(taken.length);
    return taken;
  }

  async exactly(count: number): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = new Uint8Array(count);
    for (let at = 0; at < count;) {
      const part = await this.upTo(count - at);
      bytes.set(part, at);
      at += part.length;
    }
    return bytes;
  }

  /** After the archive's end there may be padding, and nothing else. */
  async onlyZeros(): Promise<void> {
    for (let seen = 0; await this.#fill();) {
      seen += this.#rest.length;
      const isPadding = seen <= 64 * BLOCK && this.#rest.every((byte) => byte === 0);
      if (!isPadding) throw new DamagedArchive("something follows its end");
      this.#rest = new Uint8Array();
    }
  }

  /** Whether there is a byte to take. */
  async #fill(): Promise<boolean> {
    while (this.#rest.length === 0) {
      const { done, value } = await this.#chunks.next();
      if (done === true) return false;
      this.#rest = value;
    }
    return true;
  }
}
