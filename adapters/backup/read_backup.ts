import { messageOf, TrackerError } from "../../domain/errors.ts";
import {
  type BackupEntry,
  type BackupManifest,
  type LongWork,
  MONTHS_FOLDER,
  readManifest,
  unpackedBytes,
} from "../../domain/operations/backup.ts";
import { privateDir, syncDir } from "../files/files.ts";
import { MANIFEST_NAME } from "./write_backup.ts";
import { createHash } from "node:crypto";
import { statfs } from "node:fs/promises";
import { dirname, join } from "node:path";

const GZIP_MAGIC = [0x1f, 0x8b] as const;
const MAX_MANIFEST_BYTES = 4 * 1024 * 1024;
/** Real data shrinks to a tenth or so: what grows more than this is made to fill a disk. */
const MAX_GROWTH = 200;
const GROWTH_FREE_BYTES = 64 * 1024 * 1024;
/** What must stay free on the disk beside the unpacked files: migrating writes some more. */
const SPARE_BYTES = 64 * 1024 * 1024;

/** A backup's refusal: the rule, the file, why, and what helps. */
export function refused(file: string, why: string, hint?: string): TrackerError {
  return new TrackerError(`Cannot restore "${file}" as ${why}; nothing was changed`, {
    hint: hint ?? "Use another backup: DATA_DIR/backups has those of the last nights.",
  });
}

/** Reads no more than the manifest. @throws TrackerError where it is none of ours, or a newer one. */
export async function readBackupManifest(file: string): Promise<BackupManifest> {
  return await explained(file, async () => {
    for await (const entry of openArchive(file)) return await manifestOf(file, entry);
    throw new DamagedArchive("it is not a backup of tracker: it is empty");
  });
}

/**
 * Unpacks a backup into a new folder, and checks each byte against the manifest on the way.
 * @throws TrackerError where it is not whole, holds what it does not list, or does not fit on the disk.
 */
export async function unpackBackup(
  file: string,
  { into, signal, onProgress }: LongWork & { into: string },
): Promise<BackupManifest> {
  return await explained(file, async () => {
    let manifest: BackupManifest | null = null;
    const missing = new Map<string, BackupEntry>();
    let done = 0;
    for await (const entry of openArchive(file)) {
      if (manifest === null) {
        manifest = await manifestOf(file, entry);
        await requireRoom(file, { manifest, folder: into });
        for (const listed of manifest.entries) missing.set(listed.name, listed);
        privateDir(join(into, MONTHS_FOLDER));
        continue;
      }
      const listed = missing.get(entry.name);
      if (listed === undefined || listed.size !== entry.size) {
        throw new DamagedArchive(`"${entry.name}" in it is not what its manifest lists`);
      }
      missing.delete(entry.name);
      const total = Math.max(1, unpackedBytes(manifest));
      const onBytes = (count: number) => onProgress((done += count) / total, "Unpacking the files");
      await unpackFile(entry, { listed, path: join(into, entry.name), signal, onBytes });
    }
    const [lost] = missing.keys();
    if (manifest === null) throw new DamagedArchive("it is not a backup of tracker: it is empty");
    if (lost !== undefined) throw new DamagedArchive(`"${lost}" is missing in it`);
    syncDir(join(into, MONTHS_FOLDER));
    syncDir(into);
    return manifest;
  });
}

async function unpackFile(
  entry: TarFile,
  { listed, path, signal, onBytes }: {
    listed: BackupEntry;
    path: string;
    signal: AbortSignal;
    onBytes: (count: number) => void;
  },
): Promise<void> {
  const hash = createHash("sha256");
  using output = await Deno.open(path, { write: true, createNew: true, mode: 0o600 });
  for await (const chunk of entry.content) {
    signal.throwIfAborted();
    hash.update(chunk);
    for (let at = 0; at < chunk.length;) at += await output.write(chunk.subarray(at));
    onBytes(chunk.length);
  }
  if (hash.digest("hex") !== listed.sha256) {
    throw new DamagedArchive(`it is damaged: "${entry.name}" in it does not have the SHA-256 that its manifest lists`);
  }
  await output.sync();
}

async function manifestOf(file: string, entry: TarFile): Promise<BackupManifest> {
  if (entry.name !== MANIFEST_NAME || entry.size > MAX_MANIFEST_BYTES) {
    throw new DamagedArchive("it is not a backup of tracker: it does not begin with a manifest");
  }
  const parts = await Array.fromAsync(entry.content);
  const read = readManifest(parsed(await new Blob(parts).text()));
  if (!("fault" in read)) return read;
  throw refused(file, read.fault, read.isNewer ? "Install that newer version, and restore with it." : undefined);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new DamagedArchive("its manifest is damaged");
  }
}

async function requireRoom(
  file: string,
  { manifest, folder }: { manifest: BackupManifest; folder: string },
): Promise<void> {
  const needed = unpackedBytes(manifest);
  const { size: packed } = await Deno.stat(file);
  if (needed > packed * MAX_GROWTH + GROWTH_FREE_BYTES) {
    throw new DamagedArchive(`it would grow from ${packed} to ${needed} bytes, which no backup does`);
  }
  const { bavail, bsize } = await statfs(dirname(folder));
  if (needed + SPARE_BYTES > bavail * bsize) {
    throw refused(
      file,
      `its ${needed} bytes do not fit on the disk that holds "${dirname(folder)}": ${bavail * bsize} are free`,
      "Free some space there, then try again.",
    );
  }
}

/** The files of a gzipped archive, as a stream. */
async function* openArchive(path: string): AsyncGenerator<TarFile> {
  using file = await openFile(path);
  const magic = new Uint8Array(GZIP_MAGIC.length);
  const count = await file.read(magic);
  if (count === null) throw new DamagedArchive("it is empty");
  if (!GZIP_MAGIC.every((byte, at) => magic[at] === byte)) {
    throw new DamagedArchive("it is not a backup of tracker: it is no gzip file");
  }
  await file.seek(0, Deno.SeekMode.Start);
  yield* readTar(chunksOf(file).pipeThrough(new DecompressionStream("gzip")));
}

function chunksOf(file: Deno.FsFile): ReadableStream<Uint8Array<ArrayBuffer>> {
  return ReadableStream.from((async function* () {
    while (true) {
      const chunk = new Uint8Array(64 * 1024);
      const count = await file.read(chunk);
      if (count === null) return;
      yield chunk.subarray(0, count);
    }
  })());
}

async function openFile(path: string): Promise<Deno.FsFile> {
  try {
    return await Deno.open(path);
  } catch (error) {
    const why = error instanceof Deno.errors.NotFound
      ? "there is no such file"
      : `it cannot be read: ${messageOf(error)}`;
    throw refused(path, why, "Check the path, and that this user may read the file.");
  }
}

/** What the archive or the decompressor finds wrong, as a refusal. */
async function explained<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DamagedArchive) throw refused(file, error.message);
    // The decompressor tells of damage and of an early end by a TypeError.
    if (error instanceof TypeError) throw refused(file, "it is truncated or damaged");
    if (error instanceof Deno.errors.IsADirectory) throw refused(file, "it is a folder");
    throw error;
  }
}

const BLOCK = 512;
const TYPE_OFFSET = 156;
const CHECKSUM = { start: 148, end: 156 } as const;
const REGULAR_FILE = new Set(["0", "\0"]);

/** What is wrong with an archive, in words that continue "as". */
class DamagedArchive extends Error {
  override readonly name = "DamagedArchive";
}

/** A file of an archive. Its content must be read to the end before the next one is asked for. */
interface TarFile {
  readonly name: string;
  readonly size: number;
  readonly content: AsyncIterable<Uint8Array<ArrayBuffer>>;
}

/**
 * The files of a tar archive, one after another. It takes plain files only, as `writeBackup` makes them: links, devices,
 * folders and extended headers, which a general reader would follow or hold in memory, are refused. @throws DamagedArchive
 */
async function* readTar(chunks: AsyncIterable<Uint8Array<ArrayBuffer>>): AsyncGenerator<TarFile> {
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
